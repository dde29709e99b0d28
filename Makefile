# Two commands do everything on a machine with Python 3.11 or later and make:
#   make demo    sets up .venv, then shows the whole product on sample data
#   make test    sets up .venv, then runs all tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check bench bench-compare run format lock audit clean

help:
	@echo "make demo     show the whole product on sample data (needs no network once set up)"
	@echo "make test     run all tests"
	@echo "make check    format, lint, types and import directions, without the tests"
	@echo "make bench    measure against the limits of this machine"
	@echo "make run      start badgefolio; ARGS='list --plain' passes arguments"
	@echo "make format   rewrite the code in the project's format"
	@echo "make lock     write the lock file anew"
	@echo "make audit    look for known flaws in what we depend on"
	@echo "make clean    remove everything that make made"

# The lock file has hashes, so what is installed here is what was tested, byte for byte.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "badgefolio needs Python 3.11 or later; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once; a minute or so) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

demo: $(STAMP)
	@$(BIN)/badgefolio demo $(ARGS)

run: $(STAMP)
	@$(BIN)/badgefolio $(ARGS)

# Three workers on two cores: some tests wait for disks and hosts. Idle workers take over from busy ones. Compiled modules are
# kept whatever the environment says: every worker and every command that a test starts would compile them again.
test: $(STAMP)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

check: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(STAMP)
	@$(BIN)/python -m tests.benchmarks $(ARGS)

bench-compare: $(STAMP)
	@$(BIN)/python -m tests.benchmarks.compare $(A) $(B)

format: $(STAMP)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# --allow-unsafe pins hatchling's and pip-tools' own needs too, so that set-up never resolves anything.
lock: $(STAMP)
	@CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --all-extras --generate-hashes --allow-unsafe --strip-extras \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --output-file requirements.lock pyproject.toml

audit: $(STAMP)
	@$(BIN)/pip-audit --requirement requirements.lock --disable-pip

clean:
	rm -rf $(VENV) build dist badgefolio-demo badgefolio-demo-advisor .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
