.PHONY: help run test build lint bench bench-full deb sanitize citus fuzz crash sim security probe clean
help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16
run:             ## install what is missing, build, make a demo county once, serve it
	@bin/run
test:            ## every test
	@bin/test
build:           ## the program and the pages
	@bin/setup && bin/build
lint:            ## the house checks
	@bin/lint
bench:           ## measure against the named limits (minutes)
	@bin/bench
bench-full:      ## the same with a county of 300,000 households (40 minutes)
	@bin/bench --full
fuzz:            ## feed broken input to everything that parses (a minute a target)
	@bin/fuzz
deb:             ## a Debian package, in build/deb
	@bin/deb
sanitize:        ## every test under address, undefined-behaviour and thread sanitizers (an hour)
	@bin/sanitize
citus:           ## the tests of stores and of the whole API on tables spread over shards (minutes)
	@bin/build --tests && bin/postgres --citus ctest --test-dir build --output-on-failure -j2 -R '^db_test$$|_api_test$$' || [ $$? -eq 77 ]
crash:           ## kill the server hundreds of times, fill its disk, break its writes (minutes)
	@bin/crash
sim:             ## phones without a network, thousands of acts and faults, by seed (minutes)
	@bin/sim
security:        ## slow clients, idle crowds, bombs and guessing against the real program
	@bin/security
probe:           ## testssl.sh, wfuzz and sqlmap against the real program (minutes)
	@bin/probe
clean:           ## forget what was built; the demo county stays
	@rm -rf build web/dist
