# dockerlab: what a student, a teacher and a maintainer run. `make` alone lists it.
# Needs make and Python >= 3.11; everything else goes into .venv beside this file.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONHASHSEED := 0
# Jupyter refuses to serve root, who is the only user of many a WSL and container.
ALLOW_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

lab: $(VENV)/ready ## set up, and open JupyterLab on the page where the course starts
	$(BIN)/jupyter lab $(ALLOW_ROOT) notebooks/index.ipynb

test: $(VENV)/ready-test ## lint, types, tests, and every notebook (strict nbval)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --nbval -n 2 --dist loadfile tests notebooks

test-browser: $(VENV)/ready-test ## click and type through every widget of the gallery in a real browser (needs chromium)
	$(BIN)/python -m pytest -q tests/browser

notebooks: $(VENV)/ready ## run every notebook and keep its outputs
	$(BIN)/python tools/run_notebooks.py notebooks

assignment: $(VENV)/ready ## the exercises for nbgrader, into assignment/: with solutions, and as students get them
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[assignment]'
	$(BIN)/dockerlab course assignment assignment

bench: $(VENV)/ready ## measure what the README's figures say
	$(BIN)/python -m benchmarks

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "dockerlab needs Python 3.11 or newer; try: make PYTHON=python3.12 lab"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "this Python has no venv; on Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/ready: $(VENV)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/ready-test: $(VENV)/ready pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,assignment]'
	@touch $@

shell-oracle: $(VENV)/ready-test ## ask the real dash, bash and busybox again, and compare (where they are installed)
	$(BIN)/python tests/runtime/shell/record.py
	git --no-pager diff --stat -- tests/runtime/shell/data
	$(BIN)/python -m pytest -q -n 2 tests/runtime/shell

fidelity: $(VENV)/ready-test ## count how truly the lab answers, and write docs/fidelity.md
	$(BIN)/python -m tests.fidelity

oracle: $(VENV)/ready-test ## start a real Docker Engine, where this machine can, and compare it with the lab line by line
	$(BIN)/python -m tests.oracle.compare

clean: ## remove the environment and everything made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help lab test test-browser notebooks assignment bench shell-oracle fidelity oracle clean
