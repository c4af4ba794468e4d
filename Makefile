# Each target is a line that a person without make can type; README.md shows them.
PYTHON ?= python3
BIN = .venv/bin
PORT ?= 8000

# Images often set it; each of the many processes of the tests would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check coverage lint types bench bench-load lock

demo: .venv/demo
	DEMO=1 $(BIN)/flask --app wsgi demo serve --port $(PORT)

test: .venv/test
	$(BIN)/python -m pytest -n auto

check: .venv/check
	$(MAKE) --jobs=2 lint types
	$(BIN)/python -m pytest -n auto
	TEST_DATABASE=postgresql $(BIN)/python -m pytest -n auto -m "not browser"

# Apart, because measuring nearly doubles the time of the tests on Python 3.11.
coverage: .venv/check
	TEST_DATABASE=postgresql $(BIN)/python -m pytest -n auto -m "not browser" --cov

lint: .venv/check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --lint --quiet portal
	$(BIN)/lint-imports

types: .venv/check
	$(BIN)/mypy

bench: .venv/bench
	$(BIN)/python -m benchmarks

# The demonstration in $(INSTANCE), of any size: docs/operating.md, "Load".
bench-load: .venv/bench
	$(BIN)/python -m benchmarks.load $(or $(INSTANCE),instance) $(LOAD)

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/test: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable '.[test]'
	touch .venv/demo $@

.venv/check: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable '.[test,check]'
	touch .venv/demo .venv/test $@

.venv/bench: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable '.[test,bench,server]'
	touch .venv/demo .venv/test $@

# The versions and hashes of a production installation, for each Python; docs/operating/dependencies.md.
lock: .venv/lock
	for version in 3.11 3.12 3.13; do .venv/lock/bin/uv pip compile pyproject.toml --upgrade --universal \
	  --python-version $$version --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra server \
	  --extra postgres --extra redis --extra s3 --extra pdf --output-file docs/operating/lock/python-$$version.txt; done

.venv/lock:
	$(PYTHON) -m venv $@
	$@/bin/pip install --quiet uv
