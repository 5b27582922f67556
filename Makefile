# All that one does with this repository. Each target works as the first command on a machine that has Python 3.11 or later with
# venv, make and git. PYTHON=... chooses the Python; everything is installed into .venv by pip, with your own pip configuration.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test quick exhaustive chaos fuzz load sbom audit check bench lock clean

VENV := .venv
PY := $(VENV)/bin/python
INSTALL := $(PY) -m pip install --disable-pip-version-check --quiet
SHA256SUM := $(shell command -v sha256sum || echo shasum -a 256)
UV := uv==0.13.9

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name text; do printf 'make %-10s %s\n' "$$name" "$$text"; done

run: $(VENV)/.base ## serve the site (HOST, PORT and the rest of docs/operations.md from the environment)
	@exec $(PY) -m app

test: check ## check, then every test: engine, topics, app, browser (ARGS='-k word' for some)
	@chromium="$$(scripts/get_browser.sh)" && CHROMIUM="$$chromium" $(PY) -m pytest --numprocesses 2 --dist loadgroup $(ARGS)

exhaustive: $(VENV)/.test ## every seed from 0 to 9, the ends of all ranges, each page on each screen, after a change to the engine, a demo or a style
	@chromium="$$(scripts/get_browser.sh)" && CHROMIUM="$$chromium" $(PY) -m pytest tests/topics tests/browser/test_access.py -m '' --numprocesses 2 --dist loadgroup $(ARGS)

chaos: $(VENV)/.test ## runs on many machines while these are killed, frozen and cut off, in three minutes, after a change to app/runs
	@$(PY) -m pytest tests/app/runs -m chaos --numprocesses 2 --dist loadgroup $(ARGS)

fuzz: $(VENV)/.test ## requests and values at random, ever new ones, for half an hour (FUZZ=20: so many times what `make test` tries)
	@FUZZ=$${FUZZ:-20} $(PY) -m pytest tests -m 'hypothesis or fuzzed' --numprocesses 2 --dist loadgroup $(ARGS)

load: $(VENV)/.test ## the site under load, on this machine alone, for a quarter of an hour (SHARE=0.1 for a tenth of it): prints a table
	@$(PY) -m benchmarks.load $${SHARE:-1}

quick: $(VENV)/.test ## what to try while one works: engine, app and each demo once, in two minutes, without a browser (ARGS as for test)
	@$(PY) -m pytest tests --ignore tests/browser -m 'not thorough and not exhaustive and not chaos' --numprocesses 2 --dist loadgroup $(ARGS)

check: $(VENV)/.test ## formatter, linters, type checker, checksums of vendored files
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/hadolint Dockerfile
	$(VENV)/bin/oxlint --deny-warnings static/js
	cd static/vendor && $(SHA256SUM) --check --quiet SHA256SUMS
	cd static/fonts && $(SHA256SUM) --check --quiet SHA256SUMS

bench: $(VENV)/.test $(VENV)/.bench ## the benchmarks: prints a table, writes bench.json
	@chromium="$$(scripts/get_browser.sh)" && CHROMIUM="$$chromium" $(PY) -m benchmarks

sbom: $(VENV)/.audit ## a bill of materials of what is served, in CycloneDX: writes sbom.json
	@$(PY) scripts/make_sbom.py

audit: $(VENV)/.audit ## asks whether faults are known of a locked package that is served
	@$(PY) -m pip_audit --strict --disable-pip --require-hashes --requirement requirements/broker.txt

# Keeps the versions that are locked, as far as pyproject.toml allows; `make lock UPGRADE=--upgrade` takes the newest.
COMPILE = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command 'make lock' $(UPGRADE)

lock: $(VENV)/pyvenv.cfg ## write requirements/*.txt anew from pyproject.toml
	$(INSTALL) $(UV)
	$(COMPILE) pyproject.toml --output-file requirements/base.txt
	$(COMPILE) pyproject.toml --extra broker --constraint requirements/base.txt --output-file requirements/broker.txt
	$(COMPILE) pyproject.toml --extra broker --group test --constraint requirements/base.txt --output-file requirements/test.txt
	$(COMPILE) --group audit --constraint requirements/base.txt --constraint requirements/test.txt --output-file requirements/audit.txt
	$(COMPILE) --group bench --constraint requirements/base.txt --output-file requirements/bench.txt

clean: ## remove all that was made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis bench.json sbom.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find static \( -name '*.br' -o -name '*.gz' \) -type f -exec rm -f {} +

# The virtual environment, and a stamp for each lock that is installed in it. One whose Python is gone or too old is made anew.

ifneq ($(shell $(PY) -c 'import sys, pip; print(sys.version_info >= (3, 11))' 2>/dev/null),True)
.PHONY: $(VENV)/pyvenv.cfg
endif

$(VENV)/pyvenv.cfg:
	@python="$$(scripts/find_python.sh)" && echo "Making $(VENV) with $$python" && "$$python" -m venv --clear $(VENV)

$(VENV)/.base: requirements/base.txt $(VENV)/pyvenv.cfg
	@echo "Installing $<"
	@$(INSTALL) --require-hashes --requirement $<
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.base
	@echo "Installing $<"
	@$(INSTALL) --require-hashes --requirement $<
	@touch $@

$(VENV)/.audit: requirements/audit.txt $(VENV)/.base
	@echo "Installing $<"
	@$(INSTALL) --require-hashes --requirement $<
	@touch $@

$(VENV)/.bench: requirements/bench.txt requirements/bench-torch.txt $(VENV)/.base
	@echo "Installing $< and PyTorch"
	@$(INSTALL) --require-hashes --requirement $<
	@$(INSTALL) --requirement requirements/bench-torch.txt
	@touch $@
