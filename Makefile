# Everything a newcomer needs: `make run` and `make test`. `make help` lists the rest.
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check

.PHONY: help run test e2e check bench torture attack fix setup dev browser dovecot telemelya css words lock screens

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: setup ## a running demo on http://127.0.0.1:$(PORT)
	$(BIN)/tipline run --demo --port $(PORT)

test: dev ## the whole suite, on SQLite and on a real PostgreSQL
	$(BIN)/pytest --ignore=tests/e2e

e2e: dev browser dovecot telemelya ## a real browser and the whole product as processes, on both databases
	$(BIN)/pytest tests/e2e

check: dev ## lint, types, import contracts, templates, the measures of the house
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python proof/house.py

bench: dev ## speed as ratios against the bare floor; writes docs/proof/speed.md
	$(BIN)/python proof/speed/run.py
	$(BIN)/python proof/speed/sweep.py
	$(BIN)/python proof/speed/matching.py

torture: dev ## what becomes of messages and deadlines when providers and workers fail; FULL=1 for all
	$(BIN)/python proof/faults/outbox.py
	$(BIN)/python proof/faults/outbox.py postgresql
	$(BIN)/python proof/faults/sweeps.py

attack: dev ## what answers tell by their time, and what strangers may send; some minutes
	$(BIN)/python proof/attacks/timing.py
	$(BIN)/python proof/attacks/api.py

fix: dev ## put right what a machine can
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .

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

dovecot:
	test -x /usr/sbin/dovecot || (apt-get update -qq && apt-get install -y -qq dovecot-imapd)

telemelya: # a Bot API server that we did not write, apart from everything of ours
	test -x .venv/telemelya/bin/telemelya-server || (python3 -m venv .venv/telemelya \
		&& .venv/telemelya/bin/pip install -q telemelya==0.2.2 fakeredis==2.40.0 "moto[server]==5.2.5")

browser:
	command -v chromium >/dev/null && fc-list | grep -qi "cjk" \
		|| (apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk)

screens: dev browser ## the pictures of the README, taken from a running demo
	$(BIN)/python docs/screens.py

css: ## compile the style sheet (needs npm)
	npm ci --silent && npm run --silent css

words: dev ## extract, merge and compile the English catalogue
	$(BIN)/pybabel -q extract -F babel.cfg -k _l --no-location --sort-output -o /tmp/tipline.pot .
	$(BIN)/pybabel -q update -i /tmp/tipline.pot -d tipline/translations --no-fuzzy-matching
	$(BIN)/pybabel -q compile -d tipline/translations

lock: ## pin every dependency anew, with hashes
	uv pip compile -q --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile -q --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock
