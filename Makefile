# `make site` builds the sample county, `make test` checks everything. Both set up what they need.

PYTHON ?= python3
VENV ?= .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python

.PHONY: help site serve check test test-all bench bench-search lock docs scripts gallery clean soak bench-incremental sample

help:
	@echo "make site      build the sample county into public/"
	@echo "make serve     show it on http://127.0.0.1:8000/ and follow every change"
	@echo "make check     formatting, linting, types, generated files"
	@echo "make test      check, then all tests, the browser's too"
	@echo "make test-all  test, and what needs Java and Node as well"
	@echo "make soak      the long tests: hundreds of random histories, builds killed at random moments"
	@echo "make bench     measure building, beside Hugo"
	@echo "make bench-search  measure search, beside Pagefind"
	@echo "make bench-incremental  measure what a change costs, beside Hugo"
	@echo "make docs      write the generated reference anew"
	@echo "make scripts   put the scripts of search together, with Node"
	@echo "make gallery   take the pictures of docs/gallery anew"
	@echo "make sample    write the office files of the sample county anew"
	@echo "make lock      pin the dependencies anew"
	@echo "make clean     remove what was made"

$(VENV)/.run: requirements/run.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Python 3.11 or newer is needed, this is ' + sys.version.split()[0])"
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	$(PY) -m compileall -q gongkai_ssg
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.lock
	@touch $@

$(VENV)/.sample: $(VENV)/.dev requirements/sample.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/sample.lock
	@touch $@

$(VENV)/.validators: tests/validators/package-lock.json
	npm ci --prefix tests/validators --ignore-scripts --no-audit --no-fund
	@touch $@

$(VENV)/.terser: tools/package-lock.json
	npm ci --prefix tools --ignore-scripts --no-audit --no-fund
	@touch $@

scripts: $(VENV)/.dev $(VENV)/.terser
	$(PY) tools/scripts.py

gallery: $(VENV)/.dev
	$(PY) tools/gallery.py

sample: $(VENV)/.sample
	$(PY) tools/sample_files.py

site: $(VENV)/.run
	$(PY) build.py

serve: $(VENV)/.run
	$(PY) -m gongkai_ssg serve

check: $(VENV)/.dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) tools/messages.py --check
	$(PY) tools/reference.py --check
	$(PY) tools/scripts.py --check

test: check
	$(PY) tools/browser.py --install
	$(PY) -m pytest -n 2 --dist loadfile -m "not java"

test-all: check $(VENV)/.validators $(VENV)/.terser
	$(PY) tools/browser.py --install
	$(PY) -m pytest -n 2 --dist loadfile

soak: $(VENV)/.dev
	GONGKAI_SEQUENCES=300 $(PY) -m pytest tests/test_incremental.py
	GONGKAI_KILLS=50 GONGKAI_KILL_ITEMS=2000 $(PY) -m pytest -s tests/test_interrupted_builds.py

bench: $(VENV)/.bench
	$(PY) -m benchmarks.build
	$(PY) -m benchmarks.incremental

bench-incremental: $(VENV)/.bench
	$(PY) -m benchmarks.incremental

bench-search: $(VENV)/.bench
	$(PY) tools/browser.py --install
	$(PY) -m benchmarks.search

docs: $(VENV)/.dev
	$(PY) tools/messages.py
	$(PY) tools/reference.py

lock: $(VENV)/.dev
	$(PY) tools/lock.py

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(each, ignore_errors=True) for each in ('public', '.gongkai', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.hypothesis', 'build', 'dist')]"
