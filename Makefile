# Two commands do everything: `make run` and `make test`. They need git, make and Python 3.11+.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip --disable-pip-version-check --no-input

# Compiled modules are kept also where the environment says not to: the tests start some dozens of
# processes, and each would compile the whole product again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test long soak bench install install-dev web lint lock clean

run: install            ## everything on: database, demo data, web server, scheduler (Ctrl-C stops)
	@$(BIN)/rihla run

test: install-dev       ## every test but the long ones, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not soak"

long: install-dev       ## the long tests, each once
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m soak

soak: install-dev       ## the long tests whole: both languages and widths, 50 kills, 10,000 models
	@RIHLA_SOAK=1 $(BIN)/python -m pytest -n 2 --dist loadgroup -m soak

bench: install-dev      ## measure speed and growth on both databases; see docs/benchmarks.md
	@$(BIN)/python -m benchmarks

lint: install-dev       ## formatting, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

install: $(VENV)/.run
	@$(BIN)/python -m web.build
install-dev: $(VENV)/.dev
	@$(BIN)/python -m web.build --dev
web: $(VENV)/.run       ## build the pages' browser modules anew where they have changed
	@$(BIN)/python -m web.build

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rihla needs Python 3.11 or newer; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

lock: install-dev       ## write the lock files anew (no registry host in them)
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --output-file requirements-dev.lock

clean:                  ## remove the environment; data in var/ stays
	rm -rf $(VENV) web/built web/browser/node_modules
