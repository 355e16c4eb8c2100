# `make` alone prints the targets. Needs Node 20 or newer, npm, git and make; the rest is installed
# into node_modules by the first target that needs it.

BIN := node_modules/.bin
INSTALLED := node_modules/.package-lock.json
BUILT := dist/.built
# Folders count too: a file that is gone must be missed by the next build.
SOURCES := $(shell find src/. raftlog/. test/. bench/. examples/. -name "*.ts" -o -type d)

PORT ?= 5001
CLIENTS_PORT ?= 5101
NODES ?= 3
DIR ?= .cluster
ONLY ?=
BENCH ?= resp commands keyspace-memory sim cluster families memory
FUZZ := resp/fuzz conformance/conformance commands/numbers-differential commands/glob-differential
SIMULATIONS := raft/random sim/chaos sim/families sim/queue sim/checkpoints sim/full-chaos

TESTS = $(patsubst %.ts,dist/%.js,$(shell find test -name '*.test.ts' -path '*$(ONLY)*' | sort))

.PHONY: help cluster cluster-clean build lint test bench sim fuzz conformance docs
.PHONY: examples example-clients example-raftlog clean

help:  ## prints this
	@echo 'make TARGET [NAME=value ...]'
	@echo
	@sed -n 's/^\([a-z-]*\):.*  ## /  \1: /p' Makefile | awk -F': ' '{ printf "  %-17s %s\n", $$1, $$2 }'

cluster: $(BUILT)  ## starts a cluster on this machine, until Ctrl-C (PORT=5001 NODES=3 DIR=.cluster)
	@node dist/examples/local-cluster.js --port $(PORT) --nodes $(NODES) --dir '$(DIR)'

cluster-clean:  ## removes the data of `make cluster` (DIR=.cluster)
	@if [ ! -e '$(DIR)' ]; then echo 'There is no $(DIR)'; \
	elif [ ! -e '$(DIR)/cluster.json' ]; then echo '$(DIR) holds no cluster'; exit 1; \
	else rm -r '$(DIR)' && echo 'Removed $(DIR)'; fi

build: $(BUILT)  ## installs what is needed and compiles into dist/

$(INSTALLED): package-lock.json
	@echo 'Installing the packages of package-lock.json'
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT): $(INSTALLED) tsconfig.json $(SOURCES)
	@$(BIN)/tsc -p tsconfig.json
	@touch $@

lint: $(INSTALLED)  ## checks form and style
	@$(BIN)/biome check --diagnostic-level=warn

test: $(BUILT) lint  ## compiles, checks and runs all tests (ONLY=part-of-a-path)
	@.ci/tap $(TESTS)

sim: $(BUILT)  ## whole clusters under random faults, by seed (SEED=1 ROUNDS=100)
	@SEED=$(or $(SEED),1) ROUNDS=$(or $(ROUNDS),100) .ci/tap -t0 $(SIMULATIONS:%=dist/test/%.test.js)

fuzz: $(BUILT)  ## malformed and random input, some of it against redis-server (SEED= INPUTS= COMMANDS=)
	@INPUTS=$(or $(INPUTS),3000000) COMMANDS=$(or $(COMMANDS),300000) CASES=$(or $(CASES),50000) \
	  .ci/tap -t0 $(FUZZ:%=dist/test/%.test.js)

conformance: $(BUILT)  ## random commands here and in redis-server (SEED= COMMANDS=1000000 FAMILIES='set geo')
	@COMMANDS=$(or $(COMMANDS),1000000) FAULTS=$(or $(FAULTS),10) \
	  .ci/tap -t0 dist/test/conformance/conformance.test.js

bench: $(BUILT)  ## measures against peers in the same run (BENCH='resp cluster checkpoint')
	@for name in $(BENCH); do echo "== bench/$$name.ts"; node dist/bench/$$name.js || exit 1; done

docs: $(BUILT)  ## writes docs/configuration.md and docs/commands.md from the tables in src
	@node --input-type=module -e "import { configurationPage } from './dist/src/config/docs.js'; \
	  process.stdout.write(configurationPage());" > docs/configuration.md
	@node --input-type=module -e "import { commandsPage } from './dist/src/commands/docs.js'; \
	  process.stdout.write(commandsPage());" > docs/commands.md

examples: example-raftlog example-clients  ## runs the examples

example-raftlog: $(BUILT)  ## the log on its own
	@node dist/examples/raftlog.js

example-clients: $(BUILT)  ## ioredis and node-redis on a cluster of their own (CLIENTS_PORT=5101)
	@rm -rf dist/example-clients
	@node dist/examples/local-cluster.js --port $(CLIENTS_PORT) --dir dist/example-clients \
	  -- node dist/examples/clients.js $(CLIENTS_PORT)
	@rm -rf dist/example-clients

clean:  ## removes what was built
	@rm -rf dist .tap
