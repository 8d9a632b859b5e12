// Package bundle writes report folders: files that appear together, whole or
// not at all, with their checksums.
//
//	b, err := bundle.Create("reports/x/<timestamp>", false)
//	if err != nil { … }
//	defer b.Abort() // does nothing after Commit
//	w, err := b.Writer("trace.log")
//	… write …
//	if runErr != nil {
//		return b.Block(runErr, "while tracing pixel (685, 1039)")
//	}
//	return b.Commit()
//
// # What a crash leaves
//
// Everything is written to a hidden stage folder and synced to disk first.
//
// A new report folder appears by one rename of the stage: before it there is
// no folder, after it all of it.
//
// In a folder that exists, files are replaced one by one, each by a rename,
// so that the folder keeps its identity, its permissions and its other
// contents (it may be a mount point, or somebody's working directory). The
// step from old to new is the renaming of the stage within the folder to
// ".simtrace-commit-…". If the process dies behind that point, the folder
// holds that entry, some files may still be the old ones, "sha256sum -c
// sha256.txt" names them, and the next Create on the folder finishes the
// change first. If it dies before, nothing in the folder has changed. No file
// is ever half written.
//
// A killed process can leave a folder ".simtrace-stage-…" beside or in the
// report folder; it is safe to delete.
//
// # Whose files
//
// sha256.txt lists the files of the bundle. Replacing a bundle writes the new
// files, whoever wrote a file of the same name. It removes those files of the
// old list that are not in the new one, so that old and new results never
// stand side by side, under two conditions. The list must be ours: it names an
// env.json that holds [Environment]. And the file must be unchanged since: one
// that does not match its checksum any more was edited by somebody and stays.
// A blocked.md of ours goes, edited or not. All else is left alone.
package bundle
