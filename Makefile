# Two commands on a bare machine: make demo, make test. `make help` lists them all.
PORT ?= 8000
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv/bin/python
# Compiled modules are kept: without them every command spends seconds compiling Django again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check bench setup build static messages audit clean

help: ## Say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: static ## A demonstration in your browser; PORT=8000; Ctrl-C ends it, its data stays
	@exec $(VENV) -m config.demo --with-parent --port $(PORT)

test: build ## The whole suite on real servers, in a browser too
	@$(VENV) scripts/browser.py
	@exec $(VENV) -m pytest -n 3 --dist worksteal $(ARGS)

check: build ## Format, lint, layers, types, templates, migrations, deployment, lock files
	@exec $(VENV) scripts/check.py

bench: static ## Measure speed; prints a table
	@$(VENV) -m benchmarks.allocation
	@exec $(VENV) -m benchmarks $(ARGS)

setup: ## Prepare .venv from requirements.lock
	@test -n "$(PYTHON)" || { echo "Kenes needs Python 3.11 or newer (make setup PYTHON=...)"; exit 1; }
	@$(PYTHON) scripts/setup.py

build: setup
	@$(VENV) scripts/build.py

static: build
	@$(VENV) scripts/build.py --collect

messages: build ## Collect translatable strings into locale/
	@$(VENV) manage.py makemessages --all --no-location --ignore node_modules --ignore .venv

audit: setup ## Look for known vulnerabilities; needs the network
	@PATH="$(CURDIR)/.venv/bootstrap/bin:$$PATH" uvx pip-audit --require-hashes -r requirements.lock

clean: ## Delete what was built; the demonstration's data (.state) stays
	rm -rf .venv node_modules static/dist staticfiles
