// Package watch runs something again whenever a file that it depends on changes,
// and says what is different since the run before.
//
//  1. Files names what is watched: files, folders, and patterns of sources.
//  2. A Watcher waits until one of them changes and has come to rest. It learns of
//     changes from the system, and looks for itself every second as well, since
//     network file systems tell nothing.
//  3. A State is what is remembered of a run; Changes puts the step from one to the
//     next into words.
//  4. A Screen shows one report in place of the last on a terminal, and one below
//     the other elsewhere.
//
// Loop joins the four.
package watch
