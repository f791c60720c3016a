# Two commands do everything on a machine with Python 3.11 and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed

.PHONY: demo test lint soak golden benchmarks test-llm audit clean

demo: $(INSTALLED)  ## the main job end to end, no account, no key
	$(BIN)/rewriter demo

test: $(INSTALLED) lint  ## everything that must hold
	$(BIN)/pytest -n auto -m "not soak"

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: $(INSTALLED)  ## the long tests: fuzzing, faults, races
	$(BIN)/pytest -n auto -m soak

golden: $(INSTALLED)  ## writes the reviewed rewrites anew, after a change that is meant; read the difference
	REWRITER_TEST_GOLDEN=1 $(BIN)/pytest tests/golden

benchmarks: $(INSTALLED)
	for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

test-llm: $(INSTALLED)  ## the engine against real small models on loopback (downloads about 130 MB of packages)
	$(BIN)/pytest -m llm tests/llm -s

audit: $(INSTALLED)  ## fails when a dependency has a known hole, or cannot be looked up
	$(PYTHON) -m venv $(VENV)/audit && $(VENV)/audit/bin/pip install -q pip-audit
	$(BIN)/pip freeze --exclude-editable > $(VENV)/frozen.txt
	$(VENV)/audit/bin/pip-audit --strict --disable-pip --no-deps -r $(VENV)/frozen.txt

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "No virtual environment could be made; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing (a minute or two the first time) ..."
	@$(BIN)/pip install --quiet --upgrade pip
	@$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $(INSTALLED)

clean:
	rm -rf $(VENV) build dist *.egg-info
