# Needs python3 (3.11 or newer), make, and the package registry. Every target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := .venv-bench
# The machine may forbid bytecode; without it Prefect needs most of a minute to start.
unexport PYTHONDONTWRITEBYTECODE
export PREFECT_HOME ?= $(CURDIR)/.clearance/prefect
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.PHONY: run demo test test-all lint serve bench lock clean

run: $(STAMP)
	@$(BIN)/clearance run --out reports/published $(ARGS) || { code=$$?; [ $$code -eq 3 ]; }

demo: $(STAMP)
	@$(BIN)/python -m bench.demo

# Server, schedules and worker on this machine; Ctrl-C stops all of them.
serve: $(STAMP)
	@$(BIN)/clearance serve $(ARGS)

test: $(STAMP) lint
	@$(BIN)/pytest tests -m "not browser and not postgresql and not dask and not exports"

test-all: test
	@$(BIN)/python -m bench.optional_checks

# What whole runs cost, into bench/RESULTS.md; about half an hour on a quiet machine. make bench ARGS=--quick: two minutes.
bench: $(STAMP) $(PEERS)/.installed
	@$(BIN)/python -m bench.speed --peers $(PEERS)/bin/python $(ARGS)

# The peers we are measured beside: never in the environment of our own.
$(PEERS)/.installed: requirements-bench.lock
	@$(PYTHON) -m venv --clear $(PEERS)
	@$(PEERS)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.lock
	@touch $@

lint: $(STAMP)
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > $(VENV)/import-linter.log || { cat $(VENV)/import-linter.log; exit 1; }

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("clearance needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "clearance needs the venv module of $(PYTHON). On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib src warehouse reports flows || true
	@touch $(STAMP)

# The lock names everything, so nothing is resolved at install: pip resolves extras apart from pins.
# Writes no index address into the lock; needs uv (pip install uv).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --group dev pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --constraint requirements.lock --group browser -o requirements-browser.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --constraint requirements.lock --group scale -o requirements-scale.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --constraint requirements.lock --group exports -o requirements-exports.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --constraint requirements.lock --group bench -o requirements-bench.lock

clean:
	rm -rf $(VENV) $(PEERS) .pytest_cache .mypy_cache .ruff_cache
