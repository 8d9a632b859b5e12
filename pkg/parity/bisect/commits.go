package bisect

import (
	"context"
	"errors"
	"fmt"
	"math/bits"

	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
)

// CommitOptions say what Commits searches.
type CommitOptions struct {
	Repo        string // a folder of the repository
	Good, Bad   string // revisions
	FirstParent bool   // follow the first parent of merges only
	Jobs        int    // commits that are looked at at a time
	Command     Command
	Ref         *trace.Source
	// Compare says how a trace is compared with the reference. Its rules and threads
	// are those of the search.
	Compare  parity.Options
	CacheDir string // "" keeps nothing between runs
	Fresh    bool   // do not read the cache
	Regimes  bool   // find every change of the divergence's kind
	Progress func(CommitProgress)
}

// CommitProgress tells of a probe that ended.
type CommitProgress struct {
	Probe CommitProbe
	Done  int // probes so far
	Left  int // probes that will come, estimated
}

// CommitProbe is what was found at a commit.
type CommitProbe struct {
	About     About
	Outcome   Outcome
	Why       string // one sentence: what decided
	Signature Signature
	Counts    parity.Counts
	Cached    bool // the command was not run again

	output []byte
}

// CommitReport is the result of Commits.
type CommitReport struct {
	Repo      string
	Command   Command
	Reference string // name of the reference's log
	Tolerance float64
	Good, Bad About
	// Candidates is the number of commits among which the search was.
	Candidates int
	Probes     []CommitProbe // parents before children
	// First is the first bad commit; nil where the good end is not good, which
	// Regimes allows.
	First   *Boundary
	Regimes []Boundary // in the order of history
	// AskedRegimes is set where all changes of kind were looked for.
	AskedRegimes bool
	Notes        []string
}

// Conclusive reports whether every boundary is one commit and was confirmed
// by a second run.
func (r *CommitReport) Conclusive() bool {
	all := r.Regimes
	if r.First != nil {
		all = append([]Boundary{*r.First}, all...)
	}
	for _, b := range all {
		if !b.Verified || len(b.Suspects) > 1 {
			return false
		}
	}
	return len(all) > 0
}

// Boundary is a commit behind which the divergence is of another kind.
type Boundary struct {
	Commit        About
	Parent        About // the zero About where it has none
	Before, After Signature
	// Suspects are the commits among which the boundary lies, where some of
	// them cannot be judged; Commit is the last.
	Suspects []About
	Verified bool   // run again, without the cache, with the same result
	Note     string // on the verification
	Diffstat string
	// Changes are the quantities that differ between the parent's trace and the
	// commit's.
	Changes []Change
}

// Change is one quantity that differs between two traces.
type Change struct {
	Key           string
	Component     string // of a vector, the one that differs most
	Before, After string // as printed, "" where there is no such record
	Abs, Rel      float64
	Status        string
	Reference     string // what the reference has there, "" where nothing
}

// Commits finds the commit at which a program's trace stops agreeing with the
// reference. The errors are trouble: a repository that is not there, a
// revision that is none, ends that are not good and bad. No worktree is left,
// whatever happens.
func Commits(ctx context.Context, opt CommitOptions) (rep *CommitReport, err error) {
	r, err := openRepo(ctx, opt.Repo)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := r.close(); err == nil && e != nil {
			rep, err = nil, fmt.Errorf("cleaning up: %w", e)
		}
	}()
	s := &commitSearch{repo: r, opt: opt, abouts: map[string]About{}}
	if s.store, err = newStore(opt.CacheDir, &s.opt.Command); err != nil {
		return nil, err
	}
	s.engine = &Engine[CommitProbe]{Jobs: opt.Jobs, Probe: s.probe, Done: s.progress}
	return s.search(ctx)
}

type commitSearch struct {
	repo   *repo
	opt    CommitOptions
	store  *store
	engine *Engine[CommitProbe]
	abouts map[string]About
	ranks  map[string]int // of the commits between the ends
	left   int
	done   int
	report *CommitReport
}

func (s *commitSearch) progress(_ string, p CommitProbe) {
	s.done++
	s.left = max(s.left-1, 0)
	if s.opt.Progress != nil {
		s.opt.Progress(CommitProgress{p, s.done, s.left})
	}
}

// describe reads what the commits are called, before probes need it.
func (s *commitSearch) describe(ctx context.Context, commits ...string) error {
	var todo []string
	for _, c := range commits {
		if _, ok := s.abouts[c]; !ok {
			todo = append(todo, c)
		}
	}
	found, err := s.repo.about(ctx, todo...)
	for c, a := range found {
		s.abouts[c] = a
	}
	return err
}

func (s *commitSearch) search(ctx context.Context) (*CommitReport, error) {
	good, err := s.repo.commit(ctx, s.opt.Good)
	if err != nil {
		return nil, fmt.Errorf("--good: %w", err)
	}
	bad, err := s.repo.commit(ctx, s.opt.Bad)
	if err != nil {
		return nil, fmt.Errorf("--bad: %w", err)
	}
	g, err := s.repo.history(ctx, good, bad, s.opt.FirstParent)
	if err != nil {
		return nil, err
	}
	if len(g.order) == 0 {
		return nil, fmt.Errorf("%s has no commit that %s has not: --good is the earlier one, --bad the later", s.opt.Bad, s.opt.Good)
	}
	if err := s.describe(ctx, append([]string{good}, g.order...)...); err != nil {
		return nil, err
	}
	s.ranks = g.rank
	s.report = &CommitReport{
		Repo: s.opt.Repo, Command: s.opt.Command, Reference: s.opt.Ref.Name, Tolerance: s.opt.Compare.Tolerance,
		Good: s.abouts[good], Bad: s.abouts[bad], Candidates: len(g.order), AskedRegimes: s.opt.Regimes,
	}
	s.left = bits.Len(uint(len(g.order))) + 3
	goodIsGood, err := s.ends(ctx, good, bad)
	if err != nil {
		return nil, err
	}
	if goodIsGood {
		b, err := s.firstBad(ctx, good, bad)
		if err != nil {
			return nil, err
		}
		s.report.First = b
	}
	if s.opt.Regimes {
		if err := s.regimes(ctx, good, bad); err != nil {
			return nil, err
		}
	}
	s.collect()
	return s.report, nil
}

// ends probes the two ends. Where regimes are asked for, a good end that
// differs from the reference already will do.
func (s *commitSearch) ends(ctx context.Context, good, bad string) (goodIsGood bool, err error) {
	if err := s.engine.Run(ctx, good, bad); err != nil {
		return false, err
	}
	p, _ := s.engine.Result(good)
	q, _ := s.engine.Result(bad)
	switch {
	case p.Outcome == CannotTell:
		return false, fmt.Errorf("--good %s cannot be judged: %s", s.opt.Good, p.Why)
	case q.Outcome == CannotTell:
		return false, fmt.Errorf("--bad %s cannot be judged: %s", s.opt.Bad, q.Why)
	case s.opt.Regimes && p.Signature.Same(q.Signature):
		return false, fmt.Errorf("--good %s and --bad %s are alike: %s", s.opt.Good, s.opt.Bad, p.Signature)
	case s.opt.Regimes && (p.Outcome == Bad || q.Outcome == Good):
		s.report.Notes = append(s.report.Notes, fmt.Sprintf("no first bad commit: --good %s is %s, --bad %s is %s", s.opt.Good, p.Outcome, s.opt.Bad, q.Outcome))
		return false, nil
	case p.Outcome == Bad:
		return false, fmt.Errorf("--good %s is bad: %s (--regimes looks for changes of kind between two bad ends)", s.opt.Good, p.Why)
	case q.Outcome == Good:
		return false, fmt.Errorf("--bad %s is good: %s", s.opt.Bad, q.Why)
	}
	return true, nil
}

// probe looks at one commit, in the cache first.
func (s *commitSearch) probe(ctx context.Context, commit string) (CommitProbe, error) {
	if !s.opt.Fresh {
		if r, ok := s.store.get(commit); ok {
			p := s.judge(commit, r)
			p.Cached = true
			return p, nil
		}
	}
	return s.run(ctx, commit)
}

// run runs the command at a commit and keeps what it printed.
func (s *commitSearch) run(ctx context.Context, commit string) (p CommitProbe, err error) {
	dir, err := s.repo.checkout(ctx, commit)
	if err != nil {
		return p, err
	}
	r, err := s.opt.Command.run(ctx, dir)
	if err = errors.Join(err, s.repo.remove(dir)); err != nil {
		return p, err
	}
	if err := s.store.put(commit, &s.opt.Command, r); err != nil {
		return p, err
	}
	return s.judge(commit, r), nil
}

// judge compares what a command printed with the reference.
func (s *commitSearch) judge(commit string, r ran) CommitProbe {
	p := CommitProbe{About: s.abouts[commit], Why: r.why, output: r.output}
	if !r.ok {
		return p
	}
	log := s.log(commit, r.output)
	rep, err := s.compared(s.opt.Ref, log, s.opt.Compare)
	if err != nil {
		p.Why = err.Error()
		return p
	}
	p.Outcome, p.Signature, p.Counts = outcomeOf(rep.Verdict), SignatureOf(rep), rep.Counts
	if len(rep.Reasons) > 0 {
		p.Why = rep.Reasons[0]
	}
	return p
}

// log is what was printed at a commit.
func (s *commitSearch) log(commit string, output []byte) *trace.Source {
	return trace.Text(string(output), short(commit))
}

// short is a commit's name in positions.
func short(commit string) string { return commit[:min(10, len(commit))] }

// collect lists the probes in the order of history.
func (s *commitSearch) collect() {
	var order []string
	for c := range s.engine.results {
		order = append(order, c)
	}
	s.report.Probes = s.inOrder(order)
}
