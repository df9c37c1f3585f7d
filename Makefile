# One command for each wish; `make` alone names them.

.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

BROWSER_PACKAGES := chromium firefox-esr fonts-noto-color-emoji redis-server

.PHONY: help
help: ## name the commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: browsers
browsers: ## install the browsers and the Redis server of the tests
	@tools/browsers $(BROWSER_PACKAGES)
