# Every target sets up what it needs from a clean clone: .venv, the native kernels, the packages.
PYTHON ?= python3.11
BIN := .venv/bin
ROOMS := core ext proto server tariffs
NATIVE := $(wildcard ext/*.pyx ext/*.pxd ext/*.c ext/*.h)
ONLY ?=

.PHONY: demo demo-corrections test test-fast test-system soak bench bench-exact lint audit serve reference build proto clean dist FORCE
.DELETE_ON_ERROR:

# Programs that tests start would compile every module again, a second of processor time each.
unexport PYTHONDONTWRITEBYTECODE

demo: build
	$(BIN)/python -m billcore.server.demo

demo-corrections: build
	$(BIN)/python -m billcore.server.demo.corrections

test: build
	$(BIN)/python -m pytest -n auto

test-fast: build
	$(BIN)/python -m pytest tests/unit tests/golden

# Tests that mount small disks (as root, on Linux) and that drive the portal through Chromium.
test-system: build
	scripts/test_system.sh

# Everything at once for 20 minutes while workers, servers and the database are ended.
soak: build
	$(BIN)/python -m tests.soak

bench: build .venv/bench
	$(BIN)/python -m benchmarks $(ONLY)

bench-exact: build .venv/bench
	$(BIN)/python -m benchmarks.exact

lint: build
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/no_float.py
	scripts/buf_lint.sh

# Asks PyPI for advisories: wants a network that has them, and is no part of .ci/run.
audit: build
	scripts/audit.sh

serve: build
	$(BIN)/billcore serve --tariffs tariffs

# The page of settings, from the settings themselves.
reference: build
	$(BIN)/python scripts/settings_reference.py

build: .venv/built

proto: build
	$(BIN)/python -m grpc_tools.protoc -Iproto --python_out=proto --pyi_out=proto \
		--grpc_python_out=proto proto/billcore/v1/*.proto

dist: build
	rm -rf build/lib* dist
	$(BIN)/python -m build

clean:
	rm -rf .venv build dist node_modules *.egg-info ext/*.so

# The editable install is a tree of links: an edited Python file needs nothing, a new or renamed
# one (a changed list) or an edited kernel needs this again. The lock is for two makes at once.
.venv/built: .venv/bin/python .venv/files pyproject.toml setup.py $(NATIVE)
	scripts/install.sh
	touch $@

.venv/bench: pyproject.toml | build
	$(BIN)/pip install --quiet --no-build-isolation --editable '.[bench]'
	touch $@

.venv/bin/python:
	scripts/bootstrap.sh $(PYTHON)

.venv/files: FORCE | .venv/bin/python
	@find $(ROOMS) -type f ! -name '*.pyc' ! -name '*.so' ! -name '.*' | LC_ALL=C sort > $@.$$$$ \
		&& if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi
