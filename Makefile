# Shaodao: `make help` prints this page.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
TESTING := $(VENV)/.ready-to-test
PIP := PIP_CONSTRAINT=requirements.lock $(BIN)/python -m pip --quiet --disable-pip-version-check
WORKERS ?= 2
SEED ?= 1
CORPUS ?= ../shared/bpmn-samples

.DEFAULT_GOAL := help
.PHONY: help setup run test check format nightly faults cluster-test corpus bench bench-quick screenshots clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP) ## Install what the product needs, into .venv and web/static/dist
	@$(BIN)/python build_frontend.py

$(STAMP): pyproject.toml requirements.lock scripts/system-packages scripts/node
	@scripts/system-packages
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install hatchling editables babel
	@scripts/node $(BIN)/python
	@$(PIP) install --no-build-isolation --editable .
	@touch $@

$(TESTING): $(STAMP)
	@$(PIP) install --no-build-isolation --editable '.[cluster,test,dev]'
	@touch $@

run: setup ## Serve the product with a demo district on http://127.0.0.1:8000
	@$(BIN)/shaodao demo
	@exec $(BIN)/shaodao serve

test: setup $(TESTING) ## Run every test: real PostgreSQL, real browser
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not nightly" tests

nightly: setup $(TESTING) ## Run the slow tests too
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup tests

faults: setup $(TESTING) ## Kill servers, workers and databases at random while people work (3 minutes)
	@$(BIN)/python -W ignore -m tests.faults.storm --seconds 60 --seed $(SEED)

cluster-test: setup $(TESTING) ## Web, two workers and a store in namespaces; cut one off, kill one (2 minutes)
	@scripts/system-packages cluster
	@$(BIN)/python -W ignore -m tests.faults.many_hosts

check: setup $(TESTING) ## Lint, types, architecture, formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup $(TESTING) ## Put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

corpus: setup ## Check all samples (CORPUS=folder for others): what runs, what is refused and why
	@$(BIN)/python scripts/corpus.py $(CORPUS)

bench: setup $(TESTING) ## Measure everything, both databases: steps, width, timers, lists (an hour)
	@$(BIN)/python -m benchmarks.steps
	@$(BIN)/python -m benchmarks.fence
	@$(BIN)/python -m benchmarks.width
	@$(BIN)/python -m benchmarks.deadlines
	@$(BIN)/python -m benchmarks.tables
	@$(BIN)/python -m benchmarks.throughput
	@$(BIN)/python -m benchmarks.drain
	@for cases in 1000 100000 1000000; do \
	  $(BIN)/python -m benchmarks.laden --cases $$cases && \
	  $(BIN)/python -m benchmarks.laden --cases $$cases --postgresql || exit 1; done

bench-quick: setup $(TESTING) ## Measure in two minutes what is watched, into benchmarks/results/quick.json
	@$(BIN)/python -m benchmarks.steps
	@$(BIN)/python -m benchmarks.fence
	@$(BIN)/python -m benchmarks.throughput --quick

screenshots: setup $(TESTING) ## Take the pictures of docs/ from the demo district
	@$(BIN)/python -m tests.browser.screenshots

clean: ## Remove what setup made; ./var with your data stays
	@rm -rf $(VENV) web/static/dist web/frontend/node_modules build dist
