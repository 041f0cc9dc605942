# Everything a person needs here; `make` alone lists it. Each target sets up what it uses: a virtual environment
# with locked, hashed dependencies. A Python from 3.11 on (PYTHON=...) and make are all that must be there before;
# tests against a real Apache Kafka also need Java 17 or newer, Maven, and Node.js with npm, and say so.

VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

py := $(VENV)/bin/python
installed := $(VENV)/.installed
# `make test ARGS="-k produce -x"` hands ARGS to pytest; other targets hand it to their program.
ARGS ?=
# `make bench COMPILED=1` measures the compiled build (see docs/architecture.md); `make bench-detect` does so anyway, as
# that is the build its bars are for, and with COMPILED=0 the other one.
COMPILED ?=
of_compiled := $(py) -m tools.compiled --
of_pure := $(py) -m

.DEFAULT_GOAL := help
.PHONY: help demo test unit kafka clients equivalence coverage lint format types bench bench-detect accuracy compiled compiled-test generate schema vectors hostile fuzz evasion lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up --------------------------------------------------------------------------------------------------

$(installed): requirements-dev.lock
	@if [ -z "$(PYTHON)" ]; then echo "zoneproxy needs Python 3.11 or newer: install it, or name it with PYTHON=..." >&2; exit 1; fi
	@if ! [ -x $(py) ]; then \
		echo "making $(VENV) with $$($(PYTHON) --version)"; \
		$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
			echo "could not make $(VENV); on Debian: apt-get install python3-venv" >&2; exit 1; }; \
	fi
	@echo "installing what requirements-dev.lock names"
	@$(py) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@ZONEPROXY_COMPILE= PYTHONWARNINGS=ignore $(py) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# --- use -----------------------------------------------------------------------------------------------------

demo: $(installed) ## Show zoneproxy at work between two embedded clusters (KEEP=1 leaves it running)
	@$(py) -m tools.demo $(if $(KEEP),--keep) $(ARGS)

bench: $(installed) ## Measure throughput, latency and CPU against a direct connection (COMPILED=1: of the compiled build)
	@$(if $(filter 1,$(COMPILED)),$(of_compiled),$(of_pure)) tools.bench $(ARGS)

bench-detect: $(installed) ## Measure how fast records are looked through and redacted (COMPILED=0: in pure Python)
	@$(if $(filter 0,$(COMPILED)),$(of_pure),$(of_compiled)) tools.bench_detect $(ARGS)

accuracy: $(installed) ## Measure what the detectors find in the labelled text of tests/corpus
	@$(py) -m tools.accuracy $(ARGS)

compiled: $(installed) ## Compile the inner loops (mypyc), in a copy of the package in .work/compiled; needs gcc
	@$(py) -m tools.compiled

# --- check ---------------------------------------------------------------------------------------------------

# Real brokers, and what measures memory, run by themselves; the gate of coverage needs only the rest.
alone := tests/kafka tests/clients tests/equivalence tests/hostile
beside := -n auto --dist worksteal $(addprefix --ignore=,$(alone))

test: $(installed) ## Run the whole ordinary test suite, real Apache Kafka included
ifneq ($(ARGS),)
	@$(py) -m pytest $(ARGS)
else
	@$(py) -m tests.kafka.java > /dev/null
	@rm -f .coverage
	@$(py) -m pytest -q $(beside) --cov --cov-context=test --cov-report= --durations=10 --durations-min=3
	@$(py) -m pytest -q $(alone) --durations=15 --durations-min=3
	@$(py) -m tools.check_coverage
endif

unit: $(installed) ## Run the tests that need no Kafka
	@$(py) -m pytest $(beside) $(ARGS)

kafka clients equivalence: $(installed)
	@$(py) -m pytest -m "long or not long" tests/$@ $(ARGS)
kafka: ## Run the tests of the real Kafka cluster itself
clients: ## Run real Kafka clients through the proxy
canary: $(installed) ## Say what must not cross on every path a client has, then search a real Kafka's disk for it
	@$(py) -m pytest tests/clients/test_canaries.py $(ARGS)
equivalence: ## Compare with a Kafka that decides itself, request by request (long)

compiled-test: $(installed) ## Run the tests of what is compiled against the compiled build
	@$(py) -m tools.compiled --tests $(if $(ARGS),-- $(ARGS))

coverage: $(installed) ## Check that each module is covered by its own tests
	@rm -f .coverage
	@$(py) -m pytest -q $(beside) --cov --cov-context=test --cov-report= $(ARGS)
	@$(py) -m tools.check_coverage

lint: $(installed) ## Check style, format, import directions, and the example policies
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/lint-imports --no-logo
	@$(py) -m zoneproxy check --strict policies
	@$(py) -m zoneproxy test policies

format: $(installed) ## Format the code
	@$(VENV)/bin/ruff check --fix-only
	@$(VENV)/bin/ruff format

types: $(installed) ## Check types (mypy --strict)
	@$(VENV)/bin/mypy

# Tests marked `long` are left out of the ordinary suite; these targets run them with the short ones of their folder.
hostile fuzz evasion: $(installed)
	@$(py) -m pytest -m "long or not long" tests/$@ $(ARGS)
hostile: ## Run the hostile-input suite (long)
fuzz: ## Fuzz decoding and scanning (long)
evasion: ## Try every way round the detectors with every kind of data (long)

# --- maintain ------------------------------------------------------------------------------------------------

# Kafka's jars, fetched the first time (Maven; ZONEPROXY_KAFKA_JARS=FOLDER names others).
jars = $$($(py) -m tests.kafka.java)

generate: $(installed) ## Generate the messages again from the definitions in Kafka's jar
	@$(py) -m tools.generate_messages $(jars)

schema: $(installed) ## Write the JSON Schemas for editors again, after a change of what may be written
	@for of in config policy tests; do $(VENV)/bin/zoneproxy schema $$of > docs/schema/$$of.schema.json; done

vectors: $(installed) ## Let Kafka's own classes write the bytes again that the codec tests compare with
	@$(py) -m tests.wire.java.make_message_vectors $(jars)
	@$(py) -m tests.wire.java.make_vectors $(jars)

compile := $(VENV)/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--annotation-style=line --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock: $(installed) ## Pin the dependencies again (ARGS=--upgrade takes newer ones)
	@$(compile) $(ARGS) -o requirements.lock requirements.in
	@$(compile) $(ARGS) -o requirements-dev.lock requirements-dev.in
	@$(compile) $(ARGS) -o requirements-build.lock requirements-build.in

clean: ## Remove what the targets made, the downloaded jars included
	@rm -rf $(VENV) .work .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage build *.egg-info
