# Needs GNU make and Python 3.11 or newer; everything else is installed into .venv.
# `make` alone runs what a commit needs. Windows without make: see README.md.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV    := .venv
BIN     := $(VENV)/bin
ALL     := .venv-all
# The CPU build where the package index offers one; apart from the lock, which would pin CUDA's packages too.
TORCH   := torch==2.13.0
# One BLAS thread a process: the machine's cores are used by processes side by side.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.DEFAULT_GOAL := commit
.PHONY: commit help env demo build coverage check fix test test-all bench-library bench-grading bench-scale site site-benchmarks clean

commit: check test  ## what a commit needs: lint, generated files current, default tests

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

env: $(VENV)/.stamp  ## the environment in .venv, from requirements.lock

# One that could not be finished, for want of Debian's python3-venv say, has no pip and is begun anew.
define venv
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found on the PATH."; exit 1; }
	@$(1)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(1)
endef

$(VENV)/.stamp: requirements.lock pyproject.toml
	$(call venv,$(VENV))
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: env  ## the main job: build, release, a sample class graded, feedback and a report
	$(BIN)/python -m autograder demo

build: env  ## lectures, source notebooks and releases from their text
	$(BIN)/python -m autograder build

coverage: env  ## which cells cover each row of the syllabus: build/coverage.json
	$(BIN)/python -m autograder coverage

check: env  ## look, change nothing
	$(BIN)/ruff check .

fix: env  ## mend what ruff can mend
	$(BIN)/ruff check --fix .

test: env  ## the default tests (no root, no browser)
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup

# The slow groups have an environment of their own: PyTorch, Keras, JAX, a browser's driver.
$(ALL)/.stamp: requirements.lock requirements-all.lock pyproject.toml
	$(call venv,$(ALL))
	$(ALL)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-all.lock $(TORCH)
	$(ALL)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

test-all: test $(ALL)/.stamp  ## the default tests, then the slow groups (parity, browser, oracles, faults, scale, benchmarks' smoke run)
	$(ALL)/bin/python -m pytest -q -n 2 --dist loadfile -m "parity or browser or oracles or faults or scale" tests
	$(ALL)/bin/python -m pytest -q -m bench tests/benchmarks

bench-library: $(ALL)/.stamp  ## coursekit against scikit-learn, PyTorch, Keras and JAX: ratios
	$(ALL)/bin/python tests/benchmarks/bench_library.py

bench-grading: env  ## our grading against stock nbgrader: ratios
	$(BIN)/python tests/benchmarks/bench_grading.py

bench-scale: $(ALL)/.stamp  ## a Dask cluster on this machine: throughput, overhead, where 100,000 hand-ins get stuck
	$(ALL)/bin/python tests/benchmarks/bench_scale.py

site: $(ALL)/.stamp  ## the course's site in build/site/html; the lectures are executed where they have changed
	$(ALL)/bin/python course/site/build.py

site-benchmarks: env  ## what the benchmarks last wrote becomes what the site and README show
	cp build/bench/library.json build/bench/grading.json course/site/benchmarks/
	$(BIN)/python tests/benchmarks/readme.py

clean:  ## remove environments and everything built that is not committed
	rm -rf $(VENV) $(ALL) build assignments/build *.egg-info .pytest_cache .hypothesis .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
