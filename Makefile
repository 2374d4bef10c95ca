# policybook: `make briefings` builds every shipped briefing, `make test` passes every test.
# Both set themselves up in .venv the first time; Python 3.11 or newer, make and git are all they need.

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv

.PHONY: briefings lab test soak bench lock clean

briefings: .venv/ready
	$(BIN)/policybook batch

lab: .venv/ready
	$(BIN)/jupyter lab notebooks

# tests/test_types.py runs mypy, beside the other tests.
test: .venv/ready-tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/policybook check
	$(BIN)/pytest -q --numprocesses=2 --dist=loadfile --no-loadscope-reorder

soak: .venv/ready-tests
	POLICYBOOK_SOAK=1 $(BIN)/pytest -q --numprocesses=2 --dist=loadfile --no-loadscope-reorder \
	  tests/test_check_never_breaks.py tests/test_findings_*.py tests/test_agreement.py tests/test_networks.py \
	  tests/test_means.py tests/test_addressees.py tests/test_contradictions.py \
	  tests/test_batch_*.py tests/test_exchange_*.py \
	  tests/test_every_*.py tests/test_new.py tests/test_pages.py tests/test_lab.py tests/test_accessible.py tests/test_hostile.py

bench: .venv/ready-tests
	$(BIN)/python benchmarks/bench_check.py
	$(BIN)/python benchmarks/bench_networks.py
	$(BIN)/python benchmarks/bench_tables.py
	$(BIN)/python benchmarks/bench_page.py
	$(BIN)/python benchmarks/bench_batch.py

# uv itself comes from the lock, with its hash, and installs everything else.
$(UV): requirements.txt
	$(PYTHON) -m venv .venv
	awk '/^uv==/ { on = 1 } /^[a-z]/ && !/^uv==/ { on = 0 } on' requirements.txt > .venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@touch $@

.venv/ready: $(UV) requirements.txt pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/ready-tests: .venv/ready tests/requirements.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt -r tests/requirements.txt
	@touch $@

# The lock holds versions and hashes for every platform and names no index. The lock of the tests
# leaves out what the other one holds on every platform: what only some need of it stands in both.
# s3fs's botocore takes no newer python-dateutil. The constraint stands here and not in pyproject.toml,
# where uv reads it at every install too and refuses it beside --require-hashes.
lock: export UV_CONSTRAINT := .venv/constraints.txt
lock: $(UV)
	echo 'python-dateutil<3' > .venv/constraints.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
	  --extra build --extra add --extra exchange pyproject.toml -o requirements.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
	  --extra build --extra add --extra exchange --extra test -c requirements.txt pyproject.toml -o tests/requirements.txt \
	  $$(grep -E '^[A-Za-z0-9._-]+==[^;]*$$' requirements.txt | sed 's/==.*//; s/^/--no-emit-package /' | sort -u)

clean:
	rm -rf .venv briefings
