# make run    install, ingest the corpus and serve the chat (CORPUS=folder or manifest)
# make test   install and run the tests
# make check  format, lint, types and the direction of imports
# make bench  measurements that take longer than a test may (BENCH="--size 1000000" for a million passages)

PYTHON ?= python3
VENV   ?= .venv
CORPUS ?= corpus
STORE  ?= var/store
PORT   ?= 8000
BIN    := $(VENV)/bin

.PHONY: run test check bench

run: $(VENV)/run.done
	$(BIN)/wijzer ingest $(CORPUS) --store $(STORE)
	$(BIN)/wijzer serve --store $(STORE) --port $(PORT)

test: $(VENV)/dev.done
	$(BIN)/pytest --numprocesses 2 --dist loadfile $(PYTEST)

check: $(VENV)/dev.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev.done
	$(BIN)/python -m evals.bench $(BENCH)

# torch goes first: with it in place, no other package pulls a CUDA build.
$(VENV)/run.done: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "Python 3.11, 3.12 of 3.13 is nodig: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install --quiet --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/dev.done: $(VENV)/run.done
	$(BIN)/pip install --quiet --quiet --disable-pip-version-check --editable '.[dev,bench]'
	touch $@
