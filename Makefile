# Python 3.11 or newer and make are enough: the first target that needs more sets everything up in .venv.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
READY := .venv/.ready
BROWSER := .venv/.browser
COMPILE := $(PY) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"
SEEDS ?= 200
export PYTHONUTF8 := 1

ifdef CI
export NO_COLOR := 1
endif
ifdef PORT
export NOTIFIER_HTTP__PORT := $(PORT)
export NOTIFIER_HTTP__INTERNAL_PORT := $(shell expr $(PORT) + 1)
endif

.PHONY: help run test lint format ci slow bench simulate chaos soak traceability lock clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: $(READY) ## start everything here with made-up people; PORT=8177, FRESH=1 forgets the last run
	@$(if $(FRESH),$(PY) -m notifier.app.forgetting,:)
	@exec $(PY) -m notifier sandbox

test: $(READY) $(BROWSER) ## run the tests, 8 minutes at most; ARGS="-k badge" for some of them
	@$(PYTEST) -m "not slow" -q --session-timeout=480 $(ARGS)

lint: $(READY) ## check style, types and the floors
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-logo

format: $(READY) ## lay the code out and mend what can be mended
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

ci: lint traceability slow test ## all that must hold before a change goes in

slow: $(READY) $(BROWSER) ## run the long forms of the tests
	@$(PYTEST) -m slow -q --session-timeout=900 $(ARGS) || [ $$? -eq 5 ]

bench: $(READY) ## measure speed and write build/bench.json; ARGS="--residents 1000000"
	@$(PY) -m tests.bench $(ARGS)

simulate: $(READY) ## play the path on a virtual clock: SEEDS=2000
	@$(PY) -m tests.simulation --seeds $(SEEDS) $(ARGS)

chaos: $(READY) ## kill -9 real processes amid 100,000 events; ARGS="--events 5000 --seed 7 --faults"
	@$(PY) -m tests.whole.chaos $(ARGS)

soak: $(READY) ## 500 events a second for an hour, or MINUTES=n
	@$(PY) -m tests.bench --rate 500 --seconds $$(expr $(or $(MINUTES),60) \* 60) $(ARGS)

traceability: $(READY) ## which test holds which requirement, and what no test holds
	@$(PY) -m tests.traceability

lock: $(READY) ## choose the newest versions of all dependencies
	@$(COMPILE) --extra embedded --extra dev pyproject.toml -o requirements.lock
	@$(COMPILE) --constraints requirements.lock .ci/browser.in -o .ci/browser.lock

clean: ## remove what runs and checks left behind, but not .venv
	@if [ -x $(PY) ]; then $(PY) -m notifier.app.forgetting; fi
	@rm -rf build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	@find notifier tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@sh .ci/setup
	@touch $(READY)

# Only where there is a browser, and never a reason to fail: tests that miss it say so.
$(BROWSER): .ci/browser.lock $(READY)
	@if sh .ci/browser; then touch $(BROWSER); fi
