# Everything a developer types. Each target sets up .venv by itself, and again only when the pins change.
VENV := .venv
BIN  := $(VENV)/bin
.PHONY: run demo once browser test check fmt soak bench pins clean help

help: ## this page
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: $(VENV)/.ready ## start the daemon on config/ and archive/; Ctrl-C stops it
	$(BIN)/monitor run

once: $(VENV)/.ready ## one full round: poll, ingest, due digests, deliver
	$(BIN)/monitor once

demo: $(VENV)/.ready ## the whole product offline in under a minute
	$(BIN)/monitor demo

test: $(VENV)/.ready browser ## all tests but the long ones
	$(BIN)/pytest -q -n 2 --dist worksteal

# For root only: nobody's machine is changed who could not have meant it.
browser: ## Debian's Chromium for the tests of the desk, where apt can give it
	@{ command -v chromium && ldconfig -p | grep -q libatomic.so.1; } >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	  && (apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium libatomic1) >/dev/null 2>&1; } \
	  || echo "no Chromium here: the tests of the desk in a browser will be skipped; apt install chromium"

check: $(VENV)/.ready ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fmt: $(VENV)/.ready ## put the code into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

soak: $(VENV)/.ready ## the long forms of kill and fault tests
	$(BIN)/pytest -q -m soak --timeout 1800

bench: $(VENV)/.ready ## measure; prints ours, the floor and the ratio
	$(BIN)/python -m benchmarks

pins: $(VENV)/.ready ## renew constraints.txt from pyproject.toml
	rm -rf $(VENV)/pins && python3 -m venv $(VENV)/pins
	$(VENV)/pins/bin/pip install --quiet --disable-pip-version-check --upgrade -e '.[dev]'
	(head -1 constraints.txt; $(VENV)/pins/bin/pip freeze --exclude-editable) > constraints.new
	mv constraints.new constraints.txt && rm -rf $(VENV)/pins

$(VENV)/.ready: pyproject.toml constraints.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "news-monitor needs Python 3.11 or newer; python3 here is $$(python3 --version)"; exit 1; }
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean: ## remove .venv and caches; config/ and archive/ stay
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
