# Thin: every target is one command that can be run by hand.
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
READY := $(VENV)/.ready
# One more than two cores: tests wait for servers, rests and deadlines a third of their time.
WORKERS ?= 3
# pip installs uv, uv installs everything else from uv.lock: needs only Python 3.11+, git and make.
UV_VERSION := 0.13.9
# Two at a time, and each one's lines together where make can (GNU make 4).
TOGETHER := $(MAKE) --no-print-directory -j 2 $(if $(filter output-sync,$(.FEATURES)),-O)
# Otherwise every worker and every program that a test starts would compile the tests anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo crawl test quick other docs check collected lint types layers quality proof bench bench-peers bench-growth bench-memory fix clean

help: ## print the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## build .venv with everything locked in uv.lock

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newsarchive needs Python 3.11 or newer")'
	@echo "building $(VENV), once: a minute or two"
	@test -x $(UV) || { $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"; }
	@UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON_DOWNLOADS=never $(UV) sync --locked --inexact --quiet --compile-bytecode
	@$(BIN)/python -m compileall -q newsarchive crawler storage twin migrations
	@touch $@

demo: $(READY) ## crawl the bundled twin of both sites and ask the archive a few questions
	@$(BIN)/newsarchive demo

crawl: $(READY) ## crawl both sites now (needs NEWSARCHIVE_CONTACT)
	@$(BIN)/newsarchive crawl

test: $(READY) ## run the tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not proof"

quick: $(READY) ## the pure stages alone, for the edit loop (under 30 seconds)
	@$(BIN)/python -m pytest -q -n 2 -m "not proof" $(addprefix tests/,discover extract normalise deduplicate) \
		--ignore-glob='*_real_*' --ignore-glob='*_bad_input*' --ignore-glob='*_shared_*'

check: $(READY) ## everything CI runs
	@$(TOGETHER) types collected lint layers quality
	@$(MAKE) --no-print-directory test

# Compiles the tests (pytest rewrites their asserts) once, while a processor is free, and not once in each worker.
collected: $(READY)
	@said=$$($(BIN)/python -m pytest --collect-only -q -q -m "not proof") || { echo "$$said"; exit 1; }

lint: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/vulture

types: $(READY)
	@$(BIN)/mypy

layers: $(READY)
	@$(BIN)/lint-imports

quality: $(READY) ## score every saved page field by field; fails below a pinned floor
	@$(BIN)/python -m crawler.quality
	@$(BIN)/python -m tests.quality.pairs

proof: $(READY) ## the long proofs: 200 kills, a simulated month, what can fail (three quarters of an hour)
	@$(BIN)/python -m pytest -q -m proof

other: quick ## what shows whether another Python is fit: the pure stages, the storage's first tests, the reading room
	@$(BIN)/python -m pytest -q -n 2 -m "not proof" $(addprefix tests/,storage/test_database.py storage/test_warc.py \
		storage/test_leases.py test_every_setting.py verdict serve/test_room.py serve/test_stream.py)

docs: $(READY) ## make docs/commands.md and the answers of docs/recipes.md anew from the program
	@$(BIN)/python -m crawler.reference > docs/commands.md
	@$(BIN)/python -m tests.storage.query.recipes

bench: $(READY) ## what a page costs, beside others and in growing archives (under ten minutes)
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.growth --sizes 10000,100000,1000000
	@$(BIN)/python -m bench.growth --sizes 10000,100000,1000000 --postgresql

bench-peers: $(READY) ## install news-please for make bench, in .bench/ (two minutes)
	@$(BIN)/python -m bench.peers

bench-growth: $(READY) ## near-duplicate look-ups at a million articles, both databases (half an hour)
	@$(BIN)/python -m bench.lookup --sizes 10000,100000,1000000
	@$(BIN)/python -m bench.lookup --sizes 10000,100000,1000000 --postgresql

bench-memory: $(READY) ## what a crawl of 20,000 pages holds in memory (ten minutes)
	@$(BIN)/python -m bench.memory

fix: $(READY) ## format, and mend what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## remove .venv, caches and the demo's archive
	@rm -rf .venv demo-archive build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
