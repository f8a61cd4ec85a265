# Two commands: `make build` sets up what a build needs and builds the site; `make test` sets up the rest and tests it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := $(VENV)/.ready-for-tests
# The lock files are complete: pip installs what they name, with these hashes, and nothing else.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps
LOCKED := $(INSTALL) --require-hashes --only-binary :all:
# Tests wait a quarter of their time for git, disks and mail servers: one worker more than there are cores.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
# Python compiles a module when it is first needed, and keeps it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: build test check slow figures lock clean serve docs

build: $(READY)
	$(BIN)/python build.py

test: $(TOOLS) check
	$(PYTEST)

# What CI runs besides: the slow tests. Kills and races come by chance: what failed is run once more, alone, and must pass then.
slow: $(TOOLS)
	$(PYTEST) -m slow || $(BIN)/python -m pytest -m slow --last-failed --last-failed-no-failures none

check: $(TOOLS)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The house in figures, here or at a commit: make figures REV=v0.2.0 SINCE=v0.1.0
figures: $(READY)
	$(BIN)/python bench/figures.py $(if $(REV),--rev $(REV)) $(if $(SINCE),--since $(SINCE))

serve: $(READY)
	$(BIN)/policytrail serve

# The software's own documentation, its reference written anew from the code.
docs: $(TOOLS)
	$(BIN)/python docs/make_reference.py
	$(BIN)/python docs/make_folder_table.py
	$(BIN)/mkdocs build --strict -f mkdocs.docs.yml

# The virtual environment with what a build needs; the project itself is linked in. What only installs is taken out again.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("policytrail needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Run: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)
	$(LOCKED) -r requirements.lock
	$(INSTALL) --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m pip uninstall --quiet --yes hatchling pluggy trove-classifiers setuptools pip
	touch $@

# What the tests need besides, in the same environment.
$(TOOLS): $(READY) requirements-dev.lock
	$(BIN)/python -m ensurepip >/dev/null
	$(LOCKED) -r requirements-dev.lock
	touch $@

# Renew the lock files (needs uv, and the network): everything, then what a build needs of it, in the same versions.
# Left out is what reads compressed web fonts: a policy's PDF loads no font file.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-package brotli --no-emit-package brotlicffi --no-emit-package zopfli
lock:
	$(LOCK) --extra dev --upgrade --output-file requirements-dev.lock
	$(LOCK) --extra pdf --extra spelling --group build --constraint requirements-dev.lock --output-file requirements.lock

clean:
	rm -rf $(VENV) site
