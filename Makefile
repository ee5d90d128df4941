# Digilinja. A machine needs Python 3.11 or newer with venv, and make. uv is used where it is on the path.
#
#   make demo     set up and start everything: web on 8000, exchange and phones on 8001
#   make test     set up and run the tests
#   make check    all that CI checks
#   make setup    only install
#   make bench    the benchmarks, to var/bench.json
#   make browser  the tests that need a Chromium
#   make lock     pin the dependencies anew (needs uv)

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null)
PIP := $(if $(UV),$(UV) pip install --quiet --python .venv/bin/python,.venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check)
NPM := $(shell npm --version 2>/dev/null | grep -E '^(9|[1-9][0-9])\.')
RUN := .venv/bin/
PYTEST := $(RUN)python -m pytest
# Where a machine forbids it, every process would compile all it imports anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check lint setup bench browser lock clean

demo: .venv/.runtime .venv/.assets
	@$(RUN)digilinja demo $(DEMO)

test: .venv/.dev .venv/.dev-assets
	$(PYTEST) -n 2 --dist worksteal $(TESTS)

check: lint test browser

lint: .venv/.dev .venv/.dev-assets
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy
	$(RUN)lint-imports

browser: .venv/.dev .venv/.dev-assets
	@rm -f var/posted
	$(PYTEST) -n 2 --dist loadgroup tests/browser
	$(RUN)python -m tests.browser.posted  # each form of each page is sent by a story, in both languages

bench: .venv/.dev .venv/.dev-assets
	@mkdir -p var
	$(RUN)python -m tests.benchmarks

setup: .venv/.dev .venv/.dev-assets

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Digilinja needs Python 3.11 or newer; none was found. Name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up .venv (once) ..."
	@$(PYTHON) -m venv .venv

# What the pages borrow from the npm registry, by its own lock; a machine without npm is given one from PyPI.
.venv/.assets .venv/.dev-assets: admin/assets/package-lock.json admin/assets/bundle.py requirements-node.lock | .venv/bin/python
	@$(if $(NPM),,$(PIP) --require-hashes -r requirements-node.lock)
	@$(RUN)python -m admin.assets.bundle .venv/assets $(if $(findstring dev,$@),--dev)
	@touch .venv/.assets $@

# The development lock holds all of the runtime lock, so whoever has it needs no more for the demo.
.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch .venv/.runtime $@

.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

LOCK := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	--no-annotate --python-version 3.11

lock:
	$(LOCK) pyproject.toml --group install -o requirements.lock
	$(LOCK) pyproject.toml --group install --extra autofill -c requirements.lock -o requirements-autofill.lock
	$(LOCK) pyproject.toml --group install --extra export -c requirements-autofill.lock -o requirements-export.lock
	$(LOCK) pyproject.toml --group install --extra studio -c requirements-export.lock -c requirements-autofill.lock -o requirements-studio.lock
	$(LOCK) --group node -o requirements-node.lock
	$(LOCK) pyproject.toml --group dev -c requirements-studio.lock -c requirements-export.lock -c requirements-autofill.lock -o requirements-dev.lock

clean:
	rm -rf .venv var dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
