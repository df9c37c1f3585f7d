# One command for each wish; `make` alone names them.

.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

BIN := .venv/bin
PAGES := signaling/browser web_client agent_console sla_portal tests/browser
OPTIONS ?=
# modules: `python -m NAME` writes files, `python -m NAME --check` compares them
GENERATORS := signaling.browser_types tests.eye_vectors

.PHONY: help
help: ## name the commands
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: setup
setup: ## build the environment in .venv
	@tools/setup

.PHONY: browsers
browsers: ## install what the tests need: Chromium, Firefox, a font, Redis, coturn, PostgreSQL
	@tools/browsers chromium coturn firefox-esr fonts-noto-color-emoji libnss3-tools postgresql redis-server

.PHONY: run
run: setup ## start everything on this machine; OPTIONS="--lan" goes to `illico up`
	@exec $(BIN)/illico up $(OPTIONS)

.PHONY: test
test: setup browsers check ## every check and every test but the long ones
	$(BIN)/pytest

.PHONY: verify
verify: test ## the long tests too
	$(BIN)/pytest -m long

.PHONY: check
check: setup ## everything that can be seen without running it
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache # a cache misses new modules
	tools/pages check $(PAGES)
	@for name in $(GENERATORS); do (set -x; $(BIN)/python -m $$name --check); done

.PHONY: fix
fix: setup ## let the tools repair what they can, and write generated files anew
	@for name in $(GENERATORS); do (set -x; $(BIN)/python -m $$name); done
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	tools/pages fix $(PAGES)

.PHONY: lock
lock: setup ## resolve the dependencies anew and write the locks
	tools/lock --upgrade

.PHONY: screenshots
screenshots: setup browsers ## refresh the pictures of the README
	$(BIN)/python -m tests.screenshots

.PHONY: clean
clean: ## remove what was built; data in var/ stays
	rm -rf .venv node_modules screenshots .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	rm -rf relay/eye/vendor signaling/browser/vendor
