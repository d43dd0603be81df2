# make run          installs what is missing and serves Haru on http://localhost:8501 (PORT=… for another port)
# make demo         the same with a fictional person's diary, deleted at the end (HARU_LANG=ko or en)
# make free         the same as make run with only freely licensed weights (docs/licences.md)
# make check        the linters and the fast tests (no browser, no training)
# make test         the linters and every test
# make audit        looks up the installed packages in the database of known vulnerabilities
# make bench        measures speed and memory and prints one table
# make screenshots  takes the README's pictures

PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
# Brings the commands haru, haru-demo and haru-admin into .venv/bin.
INSTALL_HARU := $(BIN)/python -m pip install --quiet --no-deps --editable .

.PHONY: run free demo check test lint audit bench screenshots setup setup-dev

run: setup
	$(BIN)/python -m web.serve --port $(PORT)

free: export HARU_FREE_WEIGHTS := 1
free: run

demo: setup
	$(BIN)/python -m demo --port $(PORT)

PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: setup-dev lint
	$(PYTEST) -m "not browser and not training and not slow"

test: setup-dev lint
	$(PYTEST)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/pyright

audit: setup-dev
	$(BIN)/python .ci/audit.py

bench: setup-dev
	$(BIN)/python -m benchmarks.everything

screenshots: setup-dev
	$(BIN)/python -m demo.screenshots

setup: .venv/installed
setup-dev: .venv/installed-dev

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Haru needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv

# While the stamp is newer than these files, nothing is installed: the second start takes seconds.
.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(INSTALL_HARU)
	@touch $@

.venv/installed-dev: requirements.txt requirements-backup.txt requirements-train.txt requirements-dev.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements.txt --requirement requirements-backup.txt --requirement requirements-train.txt --requirement requirements-dev.txt
	$(INSTALL_HARU)
	@touch $@
