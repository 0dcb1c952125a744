# Everything a newcomer needs: `make run` and `make test`. `make help` lists the rest.
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check

.PHONY: help run test e2e check fix setup dev lock css

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: setup ## a running demo on http://127.0.0.1:$(PORT)
	$(BIN)/tipline run --demo --port $(PORT)

setup: .venv/installed ## .venv with the tipline command in it

.venv/installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || python3 -m venv .venv
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps -e .
	touch $@

dev: .venv/installed-dev

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	touch $@

lock: ## pin every dependency anew, with hashes
	uv pip compile -q --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile -q --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock
