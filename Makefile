# Everything a contributor runs. Needs Python 3.11+ and make; the rest is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-full lint mutants crash-matrix wire bench schemas clean

.venv/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

# What only the long tests need: Playwright, and Bandwidth's SDKs with a Node of their own.
CLIENTS := $(addprefix tests/official_clients/,install.sh node.txt python.txt package-lock.json)

.cache/ready: .venv/ready $(CLIENTS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[full]'
	tests/official_clients/install.sh $(BIN)/python
	touch $@

demo: .venv/ready ## plan, apply and plan again, on the embedded emulator
	$(BIN)/reconciler demo

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: .venv/ready lint
	$(BIN)/pytest -n 3 -m 'not full'

test-full: .cache/ready lint
	$(BIN)/pytest -n 2 --cov --cov-report=term:skip-covered

mutants: .venv/ready ## plant mistakes in copies of the client; a test must catch each
	$(BIN)/python tests/run_mutants.py

crash-matrix: .venv/ready ## break an apply at each of its writes, run it again, and look for what is there twice
	$(BIN)/python tests/run_crash_matrix.py

wire: .venv/ready ## count the published documents that the emulator serves
	$(BIN)/python tests/wire_score.py

bench: .venv/ready ## measure the emulator, and an apply against a rate limit
	$(BIN)/python tests/benchmarks/emulator_speed.py
	$(BIN)/python tests/benchmarks/rate_limit_storm.py

schemas: .venv/ready ## write schemas/ and docs/ tables from the code
	$(BIN)/python -m reconciler.schemas
	$(BIN)/python -m reconciler.emulator.reference

clean:
	rm -rf .venv .cache build dist .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
