# PORT=, HOST=, DATA= choose where the city listens and keeps its data; PYTHON= the interpreter; ARGS= go to pytest.
.DEFAULT_GOAL := help
.PHONY: help run demo test sure

run demo: export MAENGELMELDER_PORT := $(or $(PORT),$(MAENGELMELDER_PORT),8000)
run demo: export MAENGELMELDER_HOST := $(or $(HOST),$(MAENGELMELDER_HOST),127.0.0.1)
run demo: export MAENGELMELDER_DATA := $(or $(DATA),$(MAENGELMELDER_DATA),instance)

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: ## set up what is missing, then serve the city on http://127.0.0.1:8000
	@PYTHON='$(PYTHON)' scripts/set_up.sh run
	@exec scripts/inside.sh maengelmelder serve

demo: ## as run, with invented tickets, photos and staff
	@PYTHON='$(PYTHON)' scripts/set_up.sh run
	@scripts/inside.sh maengelmelder demo
	@exec scripts/inside.sh maengelmelder serve

test: ## set up what the tests need, then run all of them
	@PYTHON='$(PYTHON)' scripts/set_up.sh test
	@exec scripts/inside.sh python -m pytest -n 2 --dist loadgroup $(ARGS)

sure: ## format, lint, types, layers, catalogues, tests: before every commit
	@PYTHON='$(PYTHON)' scripts/set_up.sh test
	@scripts/inside.sh ruff format --check .
	@scripts/inside.sh ruff check .
	@scripts/inside.sh mypy
	@scripts/inside.sh lint-imports
	@if [ -e scripts/check_catalogues.py ]; then scripts/inside.sh python scripts/check_catalogues.py; fi
	@exec scripts/inside.sh python -m pytest -n 2 --dist loadgroup $(ARGS)
