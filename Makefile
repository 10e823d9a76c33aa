# The two commands, and what goes with them. Each does all of its own set-up from the hashed locks, given Python 3.11 to 3.13.
#   make report [DATA=path/to/extract] [PROTOCOL=path/to/protocol.yml] [OUTCOMES=P1,P5] [BUILD=build]
#   make test                        the quick tests, in minutes
#   make test-slow                   the tests of whole runs: reports, killed runs, books in a browser
#   make check                       style, types and worked examples of the code
#   make test-book [BUILD=build]     after a report: the built book in a browser
PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin/python

REPORT = $(if $(DATA),--data "$(DATA)") $(if $(PROTOCOL),--protocol "$(PROTOCOL)") $(if $(OUTCOMES),--outcomes "$(OUTCOMES)") $(if $(BUILD),--build "$(BUILD)")

.PHONY: report test test-slow test-book check check-data check-code coverage notebook benchmark attempts records lock clean
report: $(VENV)/report-ready
	@$(RUN) -m analysis report $(REPORT)

test: $(VENV)/test-ready
	@$(RUN) -m pytest --numprocesses 2 --dist loadfile -m "not slow" $(COVERAGE)

# In the order of the files: few tests of a file do not mean that it is soon done.
test-slow: $(VENV)/test-ready
	@$(RUN) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder -m slow

# The built book itself, in a browser: every page on two screens, light and dark; every figure; the PDF.
test-book: $(VENV)/test-ready
	@BOOK_HTML=$(if $(filter-out build,$(BUILD)),$(BUILD)/_build,_build)/html $(RUN) -m pytest tests/book/test_browser.py tests/book/test_finding.py tests/book/test_pictures.py tests/book/test_figures.py tests/book/test_publish.py

# With DATA: what an extract holds and can answer. Without: this code itself; style, types, and every worked example.
check: $(if $(DATA),check-data,check-code)

check-data: $(VENV)/report-ready
	@$(RUN) -m analysis check "$(DATA)" $(if $(PROTOCOL),--protocol "$(PROTOCOL)") $(if $(BUILD),--build "$(BUILD)")

check-code: $(VENV)/test-ready
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check --quiet .
	@$(RUN) -m mypy --cache-dir $(VENV)/mypy
	@$(RUN) -m pytest --doctest-modules analysis data_synthetic

# How much of the code the quick tests run, branch by branch; below the floor in pyproject.toml it fails.
coverage: COVERAGE = --cov --cov-report term:skip-covered
coverage: test

# The notebooks in JupyterLab, after a report: they open what its run left in build/.
notebook: $(VENV)/notebook-ready
	@$(VENV)/bin/jupyter lab book/notebooks

# What each stage costs, beside a naive way of doing the same, and how it grows. Over an hour.
benchmark: $(VENV)/test-ready
	@$(RUN) -m benchmarks costs

# What an outsider recovers from released tables, which names are redacted, which weaknesses the tests see. Over an hour.
attempts: $(VENV)/test-ready
	@$(RUN) -m benchmarks attempts

# The dated records that the book shows and no run makes again; after a report, whose sizes of test sets are used. Hours.
records: $(VENV)/test-ready
	@$(RUN) -m benchmarks.self_test
	@$(RUN) -m benchmarks.time_causes
	@$(RUN) -m benchmarks.fresh_worlds

$(VENV)/report-ready: requirements.lock | $(VENV)/pyvenv.cfg
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test-ready: requirements-test.lock $(VENV)/report-ready
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

$(VENV)/notebook-ready: requirements-notebook.lock $(VENV)/report-ready
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-notebook.lock
	@touch $@

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and 'Python 3.11 to 3.13 is needed: make PYTHON=python3.12 ...')"
	@$(PYTHON) -m venv $(VENV)

# Needs uv; writes no registry host. Extras stay in: without them pip takes the newest release of a package that another asks for with an extra, and refuses its hash.
lock:
	uv pip compile pyproject.toml --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-strip-extras --no-header --quiet -o requirements.lock
	uv pip compile pyproject.toml --group test --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-strip-extras --no-header --quiet -c requirements.lock -o requirements-test.lock
	uv pip compile pyproject.toml --group notebook --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-strip-extras --no-header --quiet -c requirements.lock -o requirements-notebook.lock

clean:
	rm -rf build _build
