# Parley: `make demo` shows it, `make test` proves it. All that is needed is Python 3.11 or newer.

.PHONY: setup up down demo chat check lint test contract tools bench
.DEFAULT_GOAL := demo

# The first Python that is new enough: a name alone may belong to a shim that leads nowhere.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

setup:
	@test -n "$(PYTHON)" || { echo "Parley needs Python 3.11 or newer: install it, or name it: make setup PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) deploy/local/setup.py

up: setup
	@.venv/bin/parley up

down:
	@test ! -x .venv/bin/parley || .venv/bin/parley down

demo: setup
	@.venv/bin/parley demo

chat: setup
	@.venv/bin/parley chat

# What every change must pass, in a minute or two and without servers.
check: lint
	@.venv/bin/pytest tests/unit tests/contract

lint: tools
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy deploy services shared tests
	@.venv/bin/lint-imports

# The whole default suite, on real servers that it starts and stops itself.
test: tools
	@.venv/bin/pytest tests/unit tests/contract tests/integration tests/journeys tests/faults

# Rewrites what is generated from the events: their JSON Schemas and docs/asyncapi.yaml.
contract: tools
	@.venv/bin/python -m deploy.contract

tools:
	@test -n "$(PYTHON)" || { echo "Parley needs Python 3.11 or newer: install it, or name it: make test PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) deploy/local/setup.py dev containers

# What a turn costs, beside a bare echo over Kafka and a monolith. Options: make bench BENCH="--users 1,256 --seconds 3"
bench: setup
	@.venv/bin/python -m tests.load.bench $(BENCH)
