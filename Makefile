# Sluitend: the commands of this project. Needs python3 (3.11 or newer, with venv) and make; nothing else.
PYTHON ?= python3
PORT ?= 8000
DATA ?= data
VENV := .venv
BIN := $(VENV)/bin
FRONTEND := service/web/frontend
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test test-long check format locks sbom frontend outside clean
.DEFAULT_GOAL := help

help:  ## show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.run  ## bring up the demo region: database, web and worker (PORT=8000 DATA=data); Ctrl-C stops all
	@$(BIN)/sluitend demo --port "$(PORT)" --data "$(DATA)"

test: $(VENV)/.dev outside  ## run all tests
	$(BIN)/pytest -n auto --dist loadgroup -m "not long"

test-long: $(VENV)/.dev outside  ## the fault, random-model and size suites
	$(BIN)/pytest -n auto --dist loadgroup -m long

check: $(VENV)/.dev  ## format, lint, types, import rules, locks, process files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/architecture/locks.py
	$(BIN)/sluitend check

format: $(VENV)/.dev  ## format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

locks: $(VENV)/.dev  ## resolve the dependencies anew into requirements*.lock
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --extra build --extra dev pyproject.toml -o requirements-dev.lock

sbom: $(VENV)/.run  ## write the bill of materials of this release: dist/sluitend.cdx.json (CycloneDX)
	$(BIN)/python tests/architecture/sbom.py dist/sluitend.cdx.json

frontend:  ## build the browser files (needs npm); the result is committed
	cd $(FRONTEND) && npm ci --no-fund --no-audit && node build.mjs

clean:  ## remove the environment and caches; the data folder stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# -- what the targets above rest on -----------------------------------------------------------------------------------

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Sluitend needs python3, version 3.11 or newer: it was not found. Set PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Sluitend needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V). Set PYTHON=python3.12 or another."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Sluitend needs Python's venv module: install python3-venv (Debian, Ubuntu) or the like."; exit 1; }
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing Sluitend (about a minute, once) ..."
	@$(BIN)/pip install -q --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing Sluitend with its test tools (about a minute, once) ..."
	@$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $(VENV)/.run $@

# The browser tests want Chromium, the front-end tests npm. Missing ones are installed where that is possible;
# otherwise their tests skip by name.
outside:
	@sh tests/outside.sh
