# Everything runs in .venv, which is made on first use and reused afterwards.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := examples/tables/c3v_partial.csv
WORKERS ?= 2
# The tests start some hundred processes: where the environment asks for no compiled files, each
# would compile cayley again.
COMPILED := PYTHONDONTWRITEBYTECODE=

.PHONY: demo test lint docs bench package clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

$(VENV)/.installed-docs: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[docs]"
	touch $@

demo: $(VENV)/.installed  ## complete a bundled real table and write its report
	$(BIN)/cayley complete $(DEMO) --out demo --overwrite
	@echo "report: demo/report.html"

lint: $(VENV)/.installed-dev  ## formatting, rules, layers, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy --num-workers $(WORKERS) || { test $$? = 2 && $(BIN)/mypy; }  # 2: a busy machine lost a worker

test: lint  ## lint, then every test and every example; one thread a worker
	$(COMPILED) OMP_NUM_THREADS=1 $(BIN)/pytest -n $(WORKERS)

bench: $(VENV)/.installed-dev  ## timings; see benchmarks/README.md
	$(BIN)/pytest benchmarks --benchmark-only -p no:xdist -o python_files='bench_*.py' -o testpaths=benchmarks

docs: $(VENV)/.installed-docs  ## HTML pages in docs/_build/html, warnings are errors
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build/html

package: $(VENV)/.installed-dev  ## build sdist and wheel, try the wheel outside the tree
	$(BIN)/python scripts/check_package.py

clean:  ## caches and build products; keeps .venv
	rm -rf demo dist docs/_build docs/api docs/gallery docs/commands.md .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
