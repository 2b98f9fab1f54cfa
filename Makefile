# SPDX-License-Identifier: Apache-2.0
# The front door: each target does its own set-up. The build itself is CMake's (CMakePresets.json).
.POSIX:
.PHONY: help demo build test test-changes quick bench install clean distclean deps-build deps-test

SRC =
OUT = build/demo
PREFIX = /usr/local
PRESETS = dev asan
CHANGES =
DESTDIR =
RELSPEC = build/release/bin/relspec

help:
	@echo "make demo [SRC=path]      build relspec, then the graph of a source tree (default: the"
	@echo "                          standard library of this machine's python3), then look at it"
	@echo "make test                 build everything twice (gcc; clang with sanitizers), run all tests"
	@echo "make test-changes         add a column, a kernel, a language ... to a copy, and test each:"
	@echo "                          do they still take few files? (CHANGES=name: only that one)"
	@echo "make build                leave the program at $(RELSPEC)"
	@echo "make quick                gcc only, the tests of a few seconds: the round while editing"
	@echo "make bench [SRC=path]     side by side: tree-sitter, CPython, the full build; SRC: small, stdlib, large too"
	@echo "make install PREFIX=path  program, libraries, header, pkg-config file, CMake package"
	@echo "make clean                remove what was built; distclean: also what was downloaded"

deps-build:
	@mkdir -p build
	@tools/install-packages build
	@tools/fetch-deps engine arrow stubs

deps-test:
	@mkdir -p build
	@tools/install-packages build test
	@tools/fetch-deps
	@tools/fetch-readers || [ $$? -eq 77 ] # without PyPI tests/open is skipped

build: deps-build
	@cmake --preset release $(CMAKE_ARGS) >build/release.log || { cat build/release.log; exit 1; }
	@cmake --build --preset release

demo: build
	@tools/demo "$(RELSPEC)" "$(OUT)" "$(SRC)"

test: deps-test
	@tools/run-tests $(PRESETS)

test-changes: deps-test
	@python3 tests/changes/run.py $(CHANGES)

quick: deps-test
	@cmake --preset dev >build/dev.log || { cat build/dev.log; exit 1; }
	@cmake --build --preset dev
	@ctest --preset dev -L quick -j "$$(getconf _NPROCESSORS_ONLN)"

bench: deps-test build
	@cmake --preset release >build/release.log && cmake --build --preset release
	@bench/run "$(SRC)"

install: build
	@DESTDIR="$(DESTDIR)" cmake --install build/release --prefix "$(PREFIX)"

clean:
	@for path in build/*; do case "$$path" in build/deps) ;; *) rm -rf "$$path" ;; esac; done

distclean:
	@rm -rf build
