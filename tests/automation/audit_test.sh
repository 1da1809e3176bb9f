#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#
# bellwether audit as a user meets it: once, on a trigger, on changes, with a broken report.
# Usage: audit_test.sh BELLWETHER SOURCE_DIR
set -euo pipefail
bellwether="$(realpath "$1")"
. "$2/tests/cli/process_helpers.sh"
cd "$work"
unset BELLWETHER_TOKEN

value() { curl -sf "$base/metrics" | awk -v series="$1" '$1 == series { print $2 }'; }
is() { [ "$(value "$1")" = "$2" ]; }
lcov() { printf 'SF:/src/a.cpp\nDA:1,1\nDA:2,%s\nend_of_record\n' "$1"; }

mkdir -p notes
lcov 0 >coverage.info
printf 'COMPLETED\nnot COMPLETED\n' >notes/plan.md
touch notes/job.done

expect 0 'Example:' "$bellwether" audit --help
expect 2 'nothing to audit' "$bellwether" audit
expect 2 'duration' "$bellwether" audit --coverage coverage.info --every never
expect 2 'excludes' "$bellwether" audit --coverage coverage.info --once --on-change
expect 0 'coverage  50.00 %  (1 of 2 lines)' "$bellwether" audit --coverage coverage.info --once
expect 0 'markers   2' "$bellwether" audit --markers notes --once
expect 0 'markers   1' "$bellwether" audit --markers 'notes/*.md' --marker 'not COMPLETED' --once
expect 1 'gone.info: No such file' "$bellwether" audit --coverage gone.info --once
echo nonsense >broken.info
expect 1 'broken.info:1: nonsense' "$bellwether" audit --coverage broken.info --once

: >audit.out.log
"$bellwether" audit --coverage coverage.info --markers notes --on-change --port 0 >audit.out.log 2>audit.err.log &
audit_pid=$!
children+=("$audit_pid")
until_true 20 "the audit serves" grep -q 'token' audit.out.log
base="$(sed -n 's|.*metrics  \(http://[^/]*\)/.*|\1|p' audit.out.log)"
token="$(sed -n 's|.*token    \([0-9a-f]*\) .*|\1|p' audit.out.log)"
until_true 20 "the audit at the start" is 'audit_agent_runs_total{trigger="startup"}' 1
is audit_agent_coverage_percent 50 || fail "coverage: $(value audit_agent_coverage_percent)"
is audit_agent_completion_markers_found_total 2 || fail "markers: $(value audit_agent_completion_markers_found_total)"
[ "$(curl -sf "$base/ready")" = ready ] || fail "not ready"

# By hand: with the token alone.
[ "$(curl -s -o /dev/null -w '%{http_code}' -X POST "$base/run")" = 401 ] || fail "a run without the token"
[ "$(curl -s -o /dev/null -w '%{http_code}' -X POST -H 'Authorization: Bearer wrong' "$base/run")" = 401 ] || fail "a run with a wrong token"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$base/run")" = 405 ] || fail "GET /run is not 405"
[ "$(curl -s -o /dev/null -w '%{http_code}' -X POST -H "Authorization: Bearer $token" "$base/run")" = 202 ] || fail "no run with the token"
until_true 20 "the audit asked for" is 'audit_agent_runs_total{trigger="manual"}' 1
is audit_agent_completion_markers_found_total 2 || fail "markers are counted twice"

# On changes: of the report, and of the markers.
lcov 1 >coverage.new
mv coverage.new coverage.info
until_true 20 "the new coverage" is audit_agent_coverage_percent 100
touch notes/another.done
until_true 20 "the new marker" is audit_agent_completion_markers_found_total 3
until_true 20 "both came from changes" eval '[ "$(value "audit_agent_runs_total{trigger=\"change\"}")" -ge 2 ]'

# A broken report: told with its line, counted, and the last good coverage stays.
printf 'SF:/src/a.cpp\nDA:one\nend_of_record\n' >coverage.new
mv coverage.new coverage.info
until_true 20 "the broken report" is 'audit_agent_errors_total{error_type="parse"}' 1
is audit_agent_coverage_percent 100 || fail "the last good coverage is gone"
grep -q 'coverage.info:2: DA:one' audit.err.log || fail "file and line are not said"
curl -sf "$base/status" | grep -q '"type":"parse","message":"coverage.info:2: ' || fail "the status does not say it"
curl -sf "$base/status" | grep -q '"coverage_percent":100.0000' || fail "the status does not show the last good coverage"

kill -INT "$audit_pid"
until_true 10 "the audit ends" eval '! kill -0 "$audit_pid" 2>/dev/null'
wait "$audit_pid" || fail "it ended with status $?"
grep -q '^stopped after' audit.out.log || fail "no last words"

# A schedule.
: >schedule.out.log
"$bellwether" audit --markers notes --every 200ms --port 0 >schedule.out.log 2>schedule.err.log &
children+=("$!")
until_true 20 "it serves" grep -q 'metrics  http' schedule.out.log
base="$(sed -n 's|.*metrics  \(http://[^/]*\)/.*|\1|p' schedule.out.log)"
until_true 20 "scheduled audits" eval '[ "$(value "audit_agent_runs_total{trigger=\"schedule\"}")" -ge 3 ]'
echo passed
