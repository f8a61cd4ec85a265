# Two commands: `make build` sets everything up and builds the site; `make test` sets everything up and tests it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: build test check slow lock clean serve docs

build: $(READY)
	$(BIN)/python build.py

test: $(READY) check
	$(BIN)/python -m pytest -n auto

# What CI runs besides: the slow tests. Kills and races come by chance: what failed is run once more, alone, and must pass then.
slow: $(READY)
	$(BIN)/python -m pytest -m slow -n auto || $(BIN)/python -m pytest -m slow --last-failed --last-failed-no-failures none

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

serve: $(READY)
	$(BIN)/policytrail serve

# The software's own documentation, its reference written anew from the code.
docs: $(READY)
	$(BIN)/python docs/make_reference.py
	$(BIN)/python docs/make_folder_table.py
	$(BIN)/mkdocs build --strict -f mkdocs.docs.yml

# The virtual environment, from the lock file with hashes; the project itself is linked in.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("policytrail needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Run: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	touch $@

# Renew the lock file (needs uv, and the network).
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-annotate --upgrade -o requirements.lock

clean:
	rm -rf $(VENV) site
