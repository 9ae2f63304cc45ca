# Two commands: `make report` makes a first report, `make test` runs everything that gates a change.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: report test lint types contract docs tests live lock benchmark clean

report: $(STAMP)
	$(BIN)/reetrace report --site mine-A --years 2005-2020

# The tests last: their closing line is the verdict of the whole.
test: lint types contract docs tests

$(STAMP): requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "reetrace needs Python 3.11 or newer; set PYTHON=python3.12, for example")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(STAMP)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

contract: $(STAMP)
	$(BIN)/lint-imports

docs: $(STAMP)
	$(BIN)/python docs/generate.py --check

# A file of tests stays in one process, so that what it makes for itself is made once; the files
# that take longest come first.
tests: $(STAMP)
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

benchmark: $(STAMP)
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

# Asks Google Earth Engine itself; needs an account, see docs/earthengine.md.
live: $(STAMP)
	REETRACE_LIVE_EE=1 $(BIN)/pytest tests/earthengine/test_live.py -k live -rs --capture=no

# Needs uv: https://docs.astral.sh/uv/
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet pyproject.toml --output-file requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet pyproject.toml --group dev --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
