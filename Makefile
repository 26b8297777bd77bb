# The commands of the project. `make run` opens the shop; `make test` runs every test.
PYTHON ?= python3.11
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Sample values under which `make check` asks Django whether a production set-up is safe.
PRODUCTION := SECRET_KEY=a-sample-key-for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG \
	DEBUG=0 HTTPS=1 ALLOWED_HOSTS=shop.example SITE_URL=https://shop.example PAYMENT_PROVIDER=none

.PHONY: help setup run test check format bench quality lighthouse messages screenshots

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(INSTALLED) ## Create .venv and install everything pinned

$(INSTALLED): requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip==26.3"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt --group dev
	touch $@

run: setup ## Open the shop at http://127.0.0.1:8000 (PORT=…; DEMO=0: no demonstration catalogue)
	@PORT=$(PORT) exec $(BIN)/python -m config.run

test: setup ## Run the whole suite, browser journeys included where a Chromium is found
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: setup ## Format, lint, types, templates, migrations, production settings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy config shop recommender tests benchmarks
	$(BIN)/djlint --quiet --check --lint templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

format: setup ## Bring code and templates into the house's form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --quiet --reformat templates

bench: setup ## Measure; prints tables and writes benchmarks/results/*.json
	$(BIN)/python -m benchmarks

quality: setup ## Measure the recommendations on real data (../shared or VITRINE_SHARED_DATA); prints one table
	$(BIN)/python -m benchmarks.quality

lighthouse: setup ## Lighthouse (mobile) on home, category, product and search of a demo shop; fails below the bounds
	@$(BIN)/python -m benchmarks.lighthouse

messages: setup ## Bring the translations in step with the sources: shop/locale, recommender/locale
	$(BIN)/python -m config.languages

screenshots: setup ## Take the pictures of docs/design.md again
	@$(BIN)/python -m benchmarks.screenshots
