# Two commands are all a user needs: `make serve` and `make test`. The environment is made once, and again whenever
# pyproject.toml changes.
PYTHON ?= python3.11
VENV := .venv
READY := $(VENV)/.ready
BIN := $(VENV)/bin

.PHONY: serve test build ask eval lint bench screenshots clean

serve: $(READY)
	$(BIN)/askmission serve

test: $(READY)
	$(BIN)/python tests/chromium.py
	$(BIN)/askmission build
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

build: $(READY)
	$(BIN)/askmission build

# The question goes by the environment, untouched: a shell would run what stands in `…` or after $.
ask: override export Q := $(value Q)
ask: $(READY)
	$(BIN)/askmission build
	$(BIN)/askmission ask $(if $(Q),"$$Q")

eval: $(READY)
	$(BIN)/askmission build
	$(BIN)/askmission eval --against benchmarks/baseline.json

lint: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python benchmarks/speed.py

screenshots: $(READY)
	$(BIN)/python tests/screenshots.py screenshots

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
	find index -mindepth 1 ! -name README.md -delete

$(READY): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) not found. Install Python 3.11, or say make PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(READY)
