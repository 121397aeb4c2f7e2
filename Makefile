# Needs Python 3.11+ and make; everything else is fetched, pinned and hashed, into .venv and node_modules.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PY := .venv/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps
TRANSLATIONS := $(wildcard */locale/*/LC_MESSAGES/*.po)
STATIC := $(shell find static -type f -not -path 'static/vendor/*' 2>/dev/null)
TESTS ?= tests

.DEFAULT_GOAL := help
.PHONY: help run test coverage test-fast check bench bench-data faults demo-reset setup setup-dev lock

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

run: setup ## start LeadFlow with embedded servers and demo data (PORT=8000, LEADFLOW_VAR=var)
	@exec $(PY) manage.py up

test: setup-dev ## the whole suite on real servers and a real browser
	@LEADFLOW_CHROMIUM="$$($(PY) scripts/chromium.py)"; export LEADFLOW_CHROMIUM; \
	exec $(PY) -m pytest $(TESTS) -n 2 --dist loadgroup -q $(COVERAGE)

coverage: ## the whole suite again, counting lines and branches; fails below 98 %
	@$(MAKE) --no-print-directory test COVERAGE="--cov --cov-report=term:skip-covered --cov-fail-under=98"

test-fast: setup-dev ## the quick inner loop: no browser, no killed processes, no coverage
	@exec $(PY) -m pytest $(TESTS) -n 2 --dist loadgroup -q -m 'not browser and not fault and not slow'

check: setup-dev ## linters, types, import rules, templates, migrations, deployment settings
	@sh scripts/check.sh

bench: setup-dev ## measure LeadFlow against the bars and floors of docs/performance.md
	@exec $(PY) -m bench

bench-data: setup-dev ## make the benchmark's own million leads (once, minutes)
	@exec $(PY) -m bench.data

faults: setup-dev ## the long series of kills (KILLS=500)
	@KILLS=$${KILLS:-500} exec $(PY) -m pytest tests/faults -n 0 -q -m fault

demo-reset: setup ## put the demo data back to its first day (LeadFlow must be running)
	@exec $(PY) manage.py demo --reset

setup: .venv/run.stamp static/vendor/.made .venv/translations.stamp staticfiles/staticfiles.json ## fetch what running needs; at once when nothing changed

setup-dev: setup .venv/dev.stamp ## fetch what testing needs too

lock: setup-dev ## pin requirements/*.in anew, with hashes and without any address
	@for name in base dev; do .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-header requirements/$$name.in -o requirements/$$name.txt; done

# A half-made environment has no stamp and is made anew.
.venv/made.stamp:
	@test -n "$(PYTHON)" || { echo "LeadFlow cần Python 3.11 trở lên (needs Python 3.11 or newer)"; exit 1; }
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || { echo "Cần gói python3-venv: apt install python3-venv"; exit 1; }
	@touch $@

.venv/run.stamp: requirements/base.txt .venv/made.stamp
	@echo "Cài thư viện Python…  (Python packages)"
	@$(PIP) -r $<
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "Cài công cụ kiểm thử…  (test tools)"
	@$(PIP) -r $<
	@touch $@

static/vendor/.made: package.json package-lock.json scripts/assets.py .venv/run.stamp
	@echo "Tải giao diện…  (front-end files)"
	@$(PY) scripts/assets.py
	@touch $@

.venv/translations.stamp: $(TRANSLATIONS) .venv/run.stamp
	@$(PY) manage.py compile_translations
	@touch $@

staticfiles/staticfiles.json: $(STATIC) static/vendor/.made .venv/run.stamp
	@$(PY) manage.py collectstatic --no-input --clear --verbosity 0
	@touch $@
