# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
# A front door to CMake's presets; all of substance stands in CMakeLists.txt and scripts/.
# ARGS is passed through: make demo ARGS="--for 60s"; make test ARGS="release checks"; make fuzz ARGS="--seconds 60"

.DEFAULT_GOAL := help
.PHONY: help demo test bench fuzz install format tidy clean

ARGS ?=
PREFIX ?= /usr/local

help: ## this list
	@echo "Bellwether: monitoring for trading systems"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## install what is missing, build, and run the paper desk with a monitor beside it (ARGS="--for 60s")
	@scripts/bootstrap build
	@cmake --preset release -DBELLWETHER_TESTS=OFF --log-level=WARNING
	@cmake --build --preset release --target bellwether
	@build/release/bin/bellwether demo $(ARGS)

test: ## all tests and checks; over an hour on two cores (ARGS="release checks" for some stages)
	@scripts/test $(ARGS)

bench: ## the benchmarks and their table of ratios
	@scripts/bootstrap build test
	@cmake --preset bench --log-level=WARNING
	@cmake --build --preset bench --target bellwether_bench
	@build/bench/bin/bellwether_bench $(ARGS)

fuzz: ## a minute of each fuzzer (ARGS="--seconds 600 text_reader")
	@scripts/bootstrap build test
	@scripts/fuzz $(ARGS)

install: ## build and install the library and the program into PREFIX (/usr/local)
	@scripts/bootstrap build
	@cmake --preset install -DCMAKE_INSTALL_PREFIX=$(PREFIX) --log-level=WARNING
	@cmake --build --preset install
	@cmake --install build/install

format: ## write all sources in the house style (clang-format 14)
	@scripts/check-format --write

tidy: ## clang-tidy 14 over all sources
	@scripts/check-tidy $(ARGS)

clean: ## remove build/
	@rm -rf build
