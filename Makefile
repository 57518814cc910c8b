# Parley: `make demo` shows it, `make test` proves it. All that is needed is Python 3.11 or newer.

.PHONY: setup up down demo chat check lint test journeys contract tools bench bench-memory recall load soak locust faults \
	chaos streams eval
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

# make demo, or of one pack: make demo PACK=shop
demo: setup
	@.venv/bin/parley demo $(if $(PACK),--domain $(PACK))

chat: setup
	@.venv/bin/parley chat $(if $(PACK),--domain $(PACK))

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

# Every scenario of the five products over HTTP, on the whole system.
journeys: tools
	@.venv/bin/pytest -v tests/journeys

# Rewrites what is generated from the events: their JSON Schemas and docs/asyncapi.yaml.
contract: tools
	@.venv/bin/python -m deploy.contract

tools:
	@test -n "$(PYTHON)" || { echo "Parley needs Python 3.11 or newer: install it, or name it: make test PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) deploy/local/setup.py dev containers

# What a turn costs, beside a bare echo over Kafka and a monolith. Options: make bench BENCH="--users 1,256 --seconds 3"
bench: setup
	@.venv/bin/python -m tests.load.bench $(BENCH)

# What memory's records cost on a million messages of 50,000 users.
bench-memory: tools
	@.venv/bin/python -m tests.load.memory

# What a search within one's own words costs.
recall: tools
	@.venv/bin/python -m tests.load.recall

# 100 users, then the same beside 1,000 idle streams, then turns at a given rate: make load USERS=100 SECONDS=60
USERS ?= 100
SECONDS ?= 60
load: setup
	@.venv/bin/python -m tests.load.load --users $(USERS) --seconds $(SECONDS) $(LOAD)

# The same users as locust has them, against what runs already.
locust:
	@$(PYTHON) deploy/local/setup.py load
	@.venv/bin/locust -f tests/load/locustfile.py --host http://127.0.0.1:8000

# What grows under constant load: make soak MINUTES=60
soak: setup
	@.venv/bin/python -m tests.load.soak --minutes $(or $(MINUTES),10)

# Every fault once under a running system, then planted faults that the judge has to see. Some: make faults ONLY=agent-paused
faults: tools
	@.venv/bin/python -m tests.faults.run $(if $(ONLY),--only $(ONLY)) --seed $(or $(SEED),1)
	@$(if $(ONLY),true,.venv/bin/python -m tests.faults.mutants)

# Random faults under load, repeated by their seed: make chaos MINUTES=30 SEED=7
chaos: tools
	@.venv/bin/python -m tests.faults.chaos --minutes $(or $(MINUTES),30) --seed $(or $(SEED),1)

# Clients hang up at random places and go on at the other gateway: make streams DISCONNECTS=10000 SEED=1
streams: tools
	@.venv/bin/python -m tests.faults.streams --disconnects $(or $(DISCONNECTS),10000) --seed $(or $(SEED),1)

# How well people are understood, personal data is found and the past is recalled.
eval: tools
	@.venv/bin/python -m tests.eval
