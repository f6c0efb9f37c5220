# Everything a contributor runs. Needs Python 3.11+ and make; the rest is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-full lint schemas clean

.venv/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: .venv/ready ## plan, apply and plan again, on the embedded emulator
	$(BIN)/reconciler demo

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: .venv/ready lint
	$(BIN)/pytest -n 2 -m 'not full' --cov --cov-report=term:skip-covered

test-full: .venv/ready lint
	$(BIN)/pytest -n 2 --cov --cov-report=term:skip-covered

schemas: .venv/ready ## write schemas/ and docs/ tables from the code
	$(BIN)/python -m reconciler.schemas

clean:
	rm -rf .venv build dist .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
