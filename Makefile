# Everything a person or a machine runs here. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help setup environment browser demo demo-replay test test-full check docs bench bench-full lock clean

BIN := .venv/bin
TOPIC ?= templates/topics/label-noise.md
# One test file stays on one worker, so that what a module sets up once is set up once.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## install what is missing: system packages, .venv, sandbox images
	@.ci/setup system environment images

environment:
	@.ci/setup environment

browser:
	@.ci/setup browser

demo: setup ## from a bundled topic to a reviewed paper, offline (TOPIC=file.md)
	$(BIN)/ai-scientist run $(TOPIC) --model offline

demo-replay: setup ## the same from the recorded replies of a model: a topic of its own, written programs
	$(BIN)/ai-scientist run templates/replays/warm-up/topic.md --config templates/replays/warm-up/config.yaml

test: setup ## the tests, ten minutes at most
	$(PYTEST) -m "not full"

test-full: setup browser ## the long tests, thirty minutes at most
	$(PYTEST) -m full

check: environment ## ruff, pyright, import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports --no-cache

docs: environment ## renew what is generated in docs/: the table of rules, the schema of reviews
	$(BIN)/python -m ai_scientist_reviewer.formats.rules docs/checks.md
	$(BIN)/python -m ai_scientist_reviewer.schema > docs/review.schema.json

bench: setup ## benchmarks to build/bench.json (ONLY=search,runs)
	$(BIN)/python tests/bench/run.py $(if $(ONLY),--only $(ONLY))

bench-full: setup ## the same and the long comparisons
	$(BIN)/python tests/bench/run.py --full $(if $(ONLY),--only $(ONLY))

lock: environment ## renew requirements.lock from pyproject.toml (UPGRADE=1: newest versions)
	$(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --universal --no-emit-index-url --no-header \
	  $(if $(UPGRADE),--upgrade) --quiet -o requirements.lock

clean: ## remove what was built, keep runs
	rm -rf .venv build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find ai_scientist reviewer sandbox tests -name __pycache__ -prune -exec rm -rf {} +
