package bisect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"simtrace/internal/bundle"
	"simtrace/internal/procgroup"
)

// repo is a git repository that is read, and never written to but for the
// entries of worktrees of our own.
type repo struct {
	dir    string // as the user named it
	common string // the folder that holds the entries of worktrees
	// root is that folder, held open: a repository that is moved away while it
	// is searched keeps no entry of ours either.
	root *os.Root
	temp string // all our worktrees are below

	removeTemp func() error

	mu sync.Mutex // adding and removing worktrees, one at a time
	n  int
}

// openRepo finds the repository. Close must be called.
func openRepo(ctx context.Context, dir string) (*repo, error) {
	r := &repo{dir: dir}
	if st, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("repository: %w", err)
	} else if !st.IsDir() {
		return nil, fmt.Errorf("repository: %s is no folder", dir)
	}
	out, err := r.git(ctx, "rev-parse", "--git-common-dir")
	if err != nil {
		return nil, fmt.Errorf("%w; name the program's repository with --repo DIR", err)
	}
	r.common = strings.TrimRight(out, "\n")
	if !filepath.IsAbs(r.common) {
		r.common = filepath.Join(dir, r.common)
	}
	if r.root, err = os.OpenRoot(r.common); err != nil {
		return nil, fmt.Errorf("repository: %w", err)
	}
	if r.temp, r.removeTemp, err = bundle.TempDir("tracecmp-bisect-"); err != nil {
		return nil, errors.Join(err, r.root.Close())
	}
	if real, err := filepath.EvalSymlinks(r.temp); err == nil {
		r.temp = real // as git writes it into its entries
	}
	return r, nil
}

// git runs git in the repository, without hooks, and returns its output. The
// error is the last line that git says.
func (r *repo) git(ctx context.Context, args ...string) (string, error) {
	all := append([]string{"-C", r.dir, "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "advice.detachedHead=false", "-c", "core.fsmonitor=false"}, args...)
	cmd := exec.CommandContext(ctx, "git", all...)
	cmd.Env = append(plainEnv(), "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_PAGER=cat", "GIT_OPTIONAL_LOCKS=0")
	procgroup.Own(cmd)
	var out bytes.Buffer
	errs := &ending{}
	cmd.Stdout, cmd.Stderr = &out, errs
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		why := errs.last()
		if why == "" {
			why = ": " + err.Error()
		}
		return "", fmt.Errorf("git %s in %s%s", args[0], r.dir, why)
	}
	return out.String(), nil
}

// commit resolves a revision.
func (r *repo) commit(ctx context.Context, rev string) (string, error) {
	out, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if _, gone := os.Stat(r.dir); gone != nil {
			return "", fmt.Errorf("repository: %w", gone)
		}
		return "", fmt.Errorf("%s is no commit of %s", rev, r.dir)
	}
	return strings.TrimSpace(out), nil
}

// history returns the commits that bad has and good has not.
func (r *repo) history(ctx context.Context, good, bad string, firstParent bool) (*graph, error) {
	args := []string{"rev-list", "--topo-order", "--reverse", "--parents"}
	if firstParent {
		args = append(args, "--first-parent")
	}
	out, err := r.git(ctx, append(args, bad, "^"+good)...)
	if err != nil {
		return nil, err
	}
	var order []string
	parents := map[string][]string{}
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		order = append(order, f[0])
		if parents[f[0]] = f[1:]; firstParent && len(f) > 2 {
			parents[f[0]] = f[1:2]
		}
	}
	return newGraph(order, parents), nil
}

// parents returns a commit's parents.
func (r *repo) parents(ctx context.Context, commit string) ([]string, error) {
	out, err := r.git(ctx, "rev-list", "--parents", "-n", "1", commit)
	if f := strings.Fields(out); err == nil && len(f) > 0 {
		return f[1:], nil
	}
	return nil, err
}

// About describes a commit.
type About struct {
	Commit  string `json:"commit"`
	Short   string `json:"short"`
	Author  string `json:"author"`
	Date    string `json:"date"` // the author's, ISO 8601
	Subject string `json:"subject"`
}

func (r *repo) about(ctx context.Context, commits ...string) (map[string]About, error) {
	all := map[string]About{}
	const batch = 500 // a command line holds so many
	for len(commits) > 0 {
		n := min(batch, len(commits))
		args := append([]string{"log", "--no-walk=unsorted", "--no-show-signature", "--format=%H%x00%h%x00%an%x00%aI%x00%s"}, commits[:n]...)
		out, err := r.git(ctx, args...)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			if f := strings.Split(strings.TrimRight(line, "\n"), "\x00"); len(f) == 5 {
				all[f[0]] = About{f[0], f[1], f[2], f[3], f[4]}
			}
		}
		commits = commits[n:]
	}
	return all, nil
}

// diffstat is what a commit changed, as git sums it up.
func (r *repo) diffstat(ctx context.Context, from, to string) (string, error) {
	args := []string{"diff", "--stat=100", "--no-color", "--no-ext-diff", "--no-textconv"}
	if from == "" {
		args = []string{"show", "--format=", "--stat=100", "--no-color", "--no-ext-diff", "--no-textconv"}
	} else {
		args = append(args, from)
	}
	out, err := r.git(ctx, append(args, to)...)
	return strings.TrimRight(out, "\n"), err
}
