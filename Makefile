# Shaodao: `make help` prints this page.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup run test check format nightly bench-quick screenshots clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP) ## Install everything this project needs, into .venv and web/static/dist
	@$(BIN)/python build_frontend.py

$(STAMP): pyproject.toml requirements.lock scripts/system-packages
	@scripts/system-packages
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@scripts/node $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## Serve the product with a demo district on http://127.0.0.1:8000
	@$(BIN)/shaodao demo
	@exec $(BIN)/shaodao serve

test: setup ## Run every test: real PostgreSQL, real browser
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not nightly" tests

nightly: setup ## Run the slow tests too
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup tests

check: setup ## Lint, types, architecture, formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## Put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench-quick: setup ## Print statement counts and step costs of a young and an old case
	@$(BIN)/python -m benchmarks.steps

screenshots: setup ## Take the pictures of docs/ from the demo district
	@$(BIN)/python -m tests.browser.screenshots

clean: ## Remove what setup made; ./var with your data stays
	@rm -rf $(VENV) web/static/dist web/frontend/node_modules build dist
