# 碳普惠 tanpuhui：每个目标自备所需 / every target sets up what it needs by itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DATA := .data
MEASURED := $(DATA)/pvanalytics/data/serf_east_15min_ac_power.csv
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test lint format bench bank lock clean browser postgresql check wheel

help:  ## 本页 / this page
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: $(INSTALLED) $(MEASURED)  ## 以实测光伏数据完整认证参考场景 / certify the reference scenario fed with measured PV production
	@$(BIN)/tph demo --measured $(MEASURED) --out tph-report
	@echo "（tph 在 $(BIN)/：source $(BIN)/activate 之后可直接使用 / tph is in $(BIN)/: source $(BIN)/activate first）"

test: check browser postgresql  ## 全部检查与测试 / every check and test
	$(BIN)/pytest -n 2 --dist worksteal -m "not wheel and not bank"
	$(BIN)/pytest -n 2 -m "bank or wheel"

check: lint
	$(BIN)/tph spec lint

lint: $(INSTALLED)  ## 格式、静态检查、类型、导入契约 / format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(INSTALLED)  ## 整理格式 / put the format right
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bank: $(INSTALLED)  ## 缺陷库：检出率与误报 / fault bank: detection rate and false alarms
	$(BIN)/tph bank

bench: $(INSTALLED)  ## 手动运行的测量 / measurements, run by hand
	@for b in benchmarks/bench_*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

$(INSTALLED): requirements/dev.lock pyproject.toml
	@tools/ensure-python.sh $(PYTHON) $(VENV)
	$(PIP) install --require-hashes -r requirements/dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(MEASURED): requirements/data.lock | $(INSTALLED)
	$(PIP) install --no-deps --require-hashes --upgrade --target $(DATA) -r requirements/data.lock
	@touch $@

browser:
	@tools/ensure-browser.sh

postgresql:
	@tools/ensure-postgresql.sh

lock: $(INSTALLED)  ## 重新生成依赖锁（需 uv）/ make the lock files anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml requirements/build.in -o requirements/dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-deps --no-emit-index-url --no-header requirements/data.in -o requirements/data.lock

clean:  ## 删除生成物 / remove what was made
	rm -rf $(VENV) $(DATA) tph-report dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
