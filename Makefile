# Two commands: make demo, to hear an episode; make test, to check everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
APT := chromium espeak-ng ffmpeg flite lame mp3val openssl pandoc poppler-utils
PROGRAMS := chromium espeak-ng ffmpeg ffprobe flite lame mp3val openssl pandoc pdftotext

.PHONY: demo test check install install-test system-packages clean

demo: install
	$(BIN)/audiostory make examples/night-train.html

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import ensurepip' || { echo 'Python lacks venv: sudo apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

install-test: $(VENV)/.installed-test

$(VENV)/.installed-test: pyproject.toml
	@$(PYTHON) -c 'import ensurepip' || { echo 'Python lacks venv: sudo apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@ $(VENV)/.installed

# The programs that tests check our files with; audiostory itself needs none of them.
system-packages:
	@for program in $(PROGRAMS); do \
	  command -v $$program >/dev/null && continue; \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(APT) >/dev/null; \
	  else \
	    echo "The tests need $$program: sudo apt-get install $(APT)" >&2; exit 1; \
	  fi; \
	done

test: system-packages install-test
	$(BIN)/python -m pytest -n auto

check: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
