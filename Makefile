# Each target sets up its own .venv, so that any of them works as the first command typed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help test check format bench torture run demo wheel lock clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "dutydesk needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

test: $(READY) ## every test, with the short form of the torture
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(READY) ## ruff, mypy strict, the layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## let ruff put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## ratios against peers and limits, side by side in one run
	$(BIN)/python -m bench

torture: $(READY) ## kill -9 at 200 random instants of a scripted shift
	$(BIN)/python -m tests.torture --kills 200

run: $(READY) ## open the desk on the embedded database
	@$(BIN)/dutydesk

demo: $(READY) ## the desk over a throw-away home with a lively sample shift
	@$(BIN)/dutydesk demo

wheel: $(READY) ## build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel

lock: ## resolve requirements.lock anew
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra postgres --group dev --quiet -o requirements.lock pyproject.toml
	rm -rf $(VENV)-lock

clean: ## forget the environment and the caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache dist
