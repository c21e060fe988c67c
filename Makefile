# `make run` starts the studio on the demo product, `make test` checks everything; both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo

.PHONY: run test screenshots bench lint clean
.DEFAULT_GOAL := run

$(VENV): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(VENV)/share && touch -t 200001010000 $(VENV)  # out of date until the last line, also after Ctrl-C
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt pip hatchling editables
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-build-isolation --editable '.[dev]'
	@touch $(VENV)

run: $(VENV)
	$(BIN)/anogen-gui --demo $(DEMO)

lint: $(VENV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python -m tests.check_system
	$(BIN)/python -m pytest

screenshots: $(VENV)
	$(BIN)/python -m tests.screenshots docs/screenshots

bench: $(VENV)
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf $(VENV) $(DEMO) build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache
