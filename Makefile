# Needs make, a POSIX shell and Go; "race" needs a C compiler as well. Nothing
# goes to the network but Go's own fetching of the modules, the first time.

GO = go

# fuzz: how long for each target. bench: how often each benchmark, and which.
FUZZTIME = 10s
COUNT = 6
BENCH = .
PACKAGES = ./...

# The packages whose numbers must be the same bits on every platform.
EXACT = ./pkg/sim ./pkg/sim/crmath ./pkg/sim/fast ./pkg/nanobragg ./internal/record

# Without what the command line library prints manual pages with, the tables of a
# debugger, and this machine's paths.
TAGS = -tags urfave_cli_no_docs
BUILD = $(TAGS) -trimpath -ldflags '-s -w'

DEMO = reports/demo
RECORDED = testdata/supervisor/trace_685_1039.log
TRACE = bin/simtrace trace --config supervisor --pixel 685 1039 --force

.PHONY: help build install dist demo example docs test-html test race fuzz bench bench-live lint fmt vet staticcheck fma generated size parity live parity-live cluster-test clean gpu

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

build: ## bin/simtrace and bin/tracecmp
	$(GO) build $(BUILD) -o bin/simtrace ./cmd/simtrace
	$(GO) build $(BUILD) -o bin/tracecmp ./cmd/tracecmp
	@echo "bin/simtrace is without GPUs (--device cuda): make gpu builds it with them, linked dynamically"

gpu: ## bin/simtrace with --device cuda, linked dynamically
	CGO_ENABLED=0 $(GO) build $(BUILD) -tags gpu -o bin/simtrace ./cmd/simtrace

# DESTDIR is for those who make packages.
PREFIX = /usr/local
DESTDIR =
install: ## commands, manual pages and completions into $(PREFIX): make install PREFIX=$$HOME/.local
	$(GO) run ./internal/dist -install "$(DESTDIR)$(PREFIX)/"

dist: ## archives for Linux, macOS and Windows and Debian packages, with checksums and licences, in dist/
	rm -rf dist
	$(GO) run ./internal/dist -out dist

# The second trace has the warnings of the first, which are shown once.
# The comparison must say "diverged", exit status 1: anything else is a fault.
# The control, the reference's own behaviour at phi 0 switched on, must match.
demo: build ## trace the supervisor pixel and compare it with the C reference's recorded trace
	$(TRACE) --out $(DEMO)/got
	@echo '$(TRACE) --profile nanobragg --dialect c --out $(DEMO)/reference'
	@$(TRACE) --profile nanobragg --dialect c --out $(DEMO)/reference 2>$(DEMO)/warnings.txt || { cat $(DEMO)/warnings.txt >&2; exit 2; }
	bin/tracecmp --ref $(RECORDED) --got $(DEMO)/got --names C,simtrace --config supervisor --out $(DEMO)/summary.md --quiet; \
	status=$$?; test $$status -eq 1 || { echo "demo: tracecmp ended with $$status, not 1 (diverged)" >&2; exit 2; }
	bin/tracecmp --ref $(RECORDED) --got $(DEMO)/reference --names C,simtrace --out $(DEMO)/control/summary.md --quiet
	@echo
	@echo "$(DEMO)/summary.md          the C reference against simtrace's default, a fresh rotation at every phi step:"
	@echo
	@sed -n '2,7p' $(DEMO)/summary.md
	@echo
	@echo "$(DEMO)/control/summary.md  the same with --profile nanobragg, all that the reference does:"
	@echo
	@sed -n '2,4p' $(DEMO)/control/summary.md
	@echo
	@echo "The traces are in $(DEMO)/got and $(DEMO)/reference; per_phi.svg beside the summary shows both sides along phi."

# The committed example: the same comparison as the demo's, of one log each.
EXAMPLE = reports/example
example: build ## write the committed report under reports/example anew
	rm -rf $(EXAMPLE)
	mkdir -p $(EXAMPLE)
	bin/simtrace trace --config supervisor --pixel 685 1039 >$(EXAMPLE)/got.log 2>/dev/null
	bin/tracecmp --ref $(RECORDED) --got $(EXAMPLE)/got.log --names C,simtrace --config supervisor --out $(EXAMPLE)/summary.md --quiet; \
	status=$$?; test $$status -eq 1 || { echo "example: tracecmp ended with $$status, not 1 (diverged)" >&2; exit 2; }
	rm -f $(EXAMPLE)/run_metadata.json

# What is generated, then what the commands in the documents print.
docs: ## write the generated documents anew, and what the documents show of the commands
	$(GO) run ./internal/docs
	$(GO) test ./internal/docs -run Blocks -update -count=1

test-html: ## the report pages in a headless browser; skipped where none is installed
	$(GO) test ./pkg/parity/report -run Browser -count=1 -v

test: ## all tests
	$(GO) test $(PACKAGES)

race: ## all tests with the race detector
	$(GO) test -race -timeout 20m $(PACKAGES)

# A target is found by asking each package for its list, so none is forgotten.
fuzz: ## every fuzz target for FUZZTIME each
	@set -e; total=0; \
	for pkg in $$($(GO) list $(PACKAGES)); do \
		list=$$($(GO) test -list '^Fuzz' $$pkg); \
		for target in $$(echo "$$list" | grep '^Fuzz' || true); do \
			echo "fuzz $$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
			total=$$((total + 1)); \
		done; \
	done; \
	test $$total -gt 0 || { echo "fuzz: no target found" >&2; exit 2; }; \
	echo "fuzz: $$total targets, $(FUZZTIME) each"

bench: ## benchmarks, in the form that benchstat reads: make bench >new.txt
	@$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PACKAGES)

# One iteration is a pair of runs; five give a median.
bench-live: ## whole renderings, in pairs with the reference binaries NB_C_BIN and NB_C_FAST_BIN
	@test -n "$$NB_C_BIN$$NB_C_FAST_BIN" || { echo "bench-live: NB_C_BIN or NB_C_FAST_BIN must name a reference binary" >&2; exit 2; }
	$(GO) test ./internal/golden -run '^$$' -bench Live -benchtime 5x -count 1

lint: FMA = -targets $(FMA_OFTEN)
lint: fmt vet staticcheck fma size generated ## gofmt, go vet, staticcheck, the FMA check, length of files, generated code

fmt:
	@bad=$$(gofmt -l .) || exit 2; test -z "$$bad" || { echo "not in gofmt's form:" >&2; echo "$$bad" >&2; exit 1; }

vet:
	$(GO) vet ./...

staticcheck:
	$(GO) tool staticcheck ./...

# Under purego the fast engine's kernels are those in Go, which can be read. The
# compiler fuses on arm64 what it does on any other platform, and lint, which comes
# often, looks there and at amd64: each platform compiles the standard library first.
FMA_OFTEN = amd64/v3,arm64
fma: ## look for fused multiply-adds in the compiled code, all platforms
	GOFLAGS=-tags=purego $(GO) run ./internal/fmacheck $(FMA) $(EXACT)

# Writes the assembly anew and compares; what differs is put in place, for git diff.
KERNELS = pkg/sim/fast/kernels_amd64
generated: ## the committed assembly is what its generator writes
	@old=$$(mktemp -d) && trap 'rm -rf "$$old"' EXIT && cp $(KERNELS).s $(KERNELS).go "$$old" && $(GO) generate ./pkg/sim/fast && \
	cmp "$$old/$(notdir $(KERNELS)).s" $(KERNELS).s && cmp "$$old/$(notdir $(KERNELS)).go" $(KERNELS).go || \
	{ echo "generated: the assembly is not what pkg/sim/fast/gen writes" >&2; exit 1; }

size: ## no Go file over 500 lines, no function over 80
	@find . -name '*.go' -type f -exec awk ' \
		FNR == 1 { start = 0 } \
		FNR == 501 { print FILENAME ": more than 500 lines"; bad = 1 } \
		/^func / { start = /}$$/ ? 0 : FNR } \
		/^}/ { if (start && FNR - start >= 80) { print FILENAME ":" start ": a function of " FNR - start + 1 " lines"; bad = 1 } start = 0 } \
		END { exit bad }' {} + >&2

parity: ## every recorded figure of the C reference that is there, as a table
	$(GO) test ./internal/golden -run TestParity -count=1 -v

live: ## random configurations against the reference binary that NB_C_BIN names
	@case "$$NB_C_BIN" in /*) test -x "$$NB_C_BIN" ;; *) false ;; esac || \
		{ echo "live: NB_C_BIN must be the absolute path of a reference binary" >&2; exit 2; }
	$(GO) test ./internal/golden -run TestLive -count=1 -v

parity-live: live ## the same as live

cluster-test: ## job arrays on a Slurm of two nodes, started for the test
	SIMTRACE_CLUSTER=1 $(GO) test ./internal/campaign -run TestCluster -count=1 -v

clean: ## remove what make made
	rm -rf bin dist $(DEMO) coverage.out
