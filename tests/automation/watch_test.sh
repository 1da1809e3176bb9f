#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#
# bellwether watch as a user meets it: a command that writes JUnit, files that change, metrics that move, and its end.
# Usage: watch_test.sh BELLWETHER SOURCE_DIR
set -euo pipefail
bellwether="$(realpath "$1")"
. "$2/tests/cli/process_helpers.sh"
cd "$work"
unset BELLWETHER_REPORT_KEYS

# value SERIES: as /metrics shows it now.
value() { curl -sf "$base/metrics" | awk -v series="$1" '$1 == series { print $2 }'; }
is() { [ "$(value "$1")" = "$2" ]; }
above() { awk -v value="$(value "$1")" -v least="$2" 'BEGIN { exit !(value > least) }'; }

expect 0 'Example:' "$bellwether" watch --help
expect 2 'command' "$bellwether" watch --path .
expect 2 'duration' "$bellwether" watch --debounce soon -- true
expect 2 'is no URL' "$bellwether" watch --report-to nowhere -- true
expect 1 "cannot watch './none'" "$bellwether" watch --port 0 --path ./none -- true

# A command as ctest would be one: it writes a report of two tests, the second as the file result.txt says.
mkdir -p tree/sub
next_run() { # next_run pass|fail|crash|slow: in one step, so that no run sees half of it
  echo "$1" >result.tmp
  mv result.tmp tree/result.txt
}
next_run pass
cat >run_tests.sh <<'TEXT'
#!/bin/sh
echo "$BELLWETHER_CHANGED_COUNT $*" >>runs.txt
case "$(cat tree/result.txt)" in
  pass) second='<testcase name="b"/>' ;;
  fail) second='<testcase name="b"><failure message="no"/></testcase>' ;;
  slow) echo begun >>slow.txt; sleep 300 & wait ;;
  crash) kill -SEGV $$ ;;
esac
echo "<testsuite><testcase name=\"a\"/>$second<testcase name=\"c\"><skipped/></testcase></testsuite>" >tree/report.xml
TEXT
chmod +x run_tests.sh

# Somebody to tell of each run: it answers 503 once, so that the client has to ask again.
cat >listener.py <<'TEXT'
import http.server, json
class Listener(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_POST(self):
        Listener.asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        open("reports.txt", "a").write(self.headers["Authorization"] + " " + json.dumps(json.loads(body)) + "\n")
        self.send_response(503 if Listener.asked == 1 else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
open("listener.port", "w").write(str(server.server_port))
server.serve_forever()
TEXT
python3 listener.py >listener.log 2>&1 &
children+=("$!")
until_true 20 "the listener listens" test -s listener.port

: >watch.out.log
BELLWETHER_REPORT_KEYS=one,two "$bellwether" watch --path tree --debounce 50ms --timeout 2s --junit tree/report.xml --port 0 \
  --report-to "http://127.0.0.1:$(cat listener.port)/hook" -- ./run_tests.sh --fast {} >watch.out.log 2>watch.err.log &
watch_pid=$!
children+=("$watch_pid")
until_true 20 "the watcher serves" grep -q 'metrics  http' watch.out.log
base="$(sed -n 's|.*metrics  \(http://[^/]*\)/.*|\1|p' watch.out.log)"
[ "$(curl -sf "$base/health")" = ok ] || fail "no health"
[ "$(curl -sf "$base/ready")" = ready ] || fail "not ready"
is test_watcher_is_running 1 || fail "it does not say that it runs"
is 'test_watcher_tests_run_total{status="pass"}' 0 || fail "a run before anything changed"

# Files that change start a run: its tests are counted, and it knows which files. The report it writes starts no other run.
echo 1 >tree/a.cpp
until_true 20 "a run that passes" is 'test_watcher_tests_run_total{status="pass"}' 2
is 'test_watcher_tests_run_total{status="skipped"}' 1 || fail "the skipped test is not counted"
is test_watcher_files_processed_total 1 || fail "one file was processed: $(value test_watcher_files_processed_total)"
is test_watcher_changed_files_current 0 || fail "files wait after the run"
is test_watcher_test_execution_duration_seconds_count 1 || fail "the run's time is not there"
above test_watcher_memory_usage_bytes 100000 || fail "no memory"
grep -qx '1 --fast tree/a.cpp' runs.txt || fail "the command was not told the file: $(cat runs.txt)"

# A new directory is watched, and a failing test is one.
next_run fail
mkdir -p tree/new/deep
echo 1 >tree/new/deep/b.cpp
until_true 20 "a run that fails" above 'test_watcher_tests_run_total{status="fail"}' 0
until_true 20 "the new directory's file is seen" grep -q 'tree/new/deep/b.cpp' runs.txt
is test_watcher_errors_total 0 || fail "a failing test is no error of the watcher"

# What is left out starts nothing.
mkdir -p tree/build
echo 1 >tree/build/x.o
echo 1 >tree/.x.swp

# A crash and a run that takes too long are errors; meanwhile changed files wait.
next_run crash
until_true 20 "a crash" is 'test_watcher_tests_run_total{status="error"}' 1
next_run slow
until_true 20 "the slow run begins" test -s slow.txt
next_run pass
touch tree/c.cpp tree/d.cpp
until_true 20 "files wait during a run" above test_watcher_changed_files_current 1
until_true 20 "the time-out" is 'test_watcher_tests_run_total{status="error"}' 2
is test_watcher_errors_total 2 || fail "errors: $(value test_watcher_errors_total)"
until_true 20 "the run after it" is 'test_watcher_changed_files_current' 0

# Each run was reported, with the keys in turn, the first one twice.
until_true 20 "reports" eval '[ "$(wc -l <reports.txt)" -ge 5 ]'
grep -q '"pass": 2' reports.txt || fail "no report of a run that passed: $(cat reports.txt)"
grep -q '^Bearer one' reports.txt && grep -q '^Bearer two' reports.txt || fail "the keys do not take turns"
until_true 20 "reports are counted" above 'test_watcher_api_calls_total{api="report",status="success"}' 3
is 'test_watcher_api_calls_total{api="report",status="error"}' 1 || fail "the failed report is not counted"
is 'api_errors_total{api="report",error_type="http_5xx"}' 1 || fail "no type of its error"
is 'circuit_breaker_state{key_id="key-1",provider="report"}' 0 || fail "no breaker"

# Its port is taken: said in words. SIGTERM ends it well, with the run under way.
expect 1 "${base##*:}" "$bellwether" watch --port "${base##*:}" --path tree -- true
rm slow.txt
next_run slow
until_true 20 "a run is under way" test -s slow.txt
kill -TERM "$watch_pid"
until_true 10 "the watcher ends" eval '! kill -0 "$watch_pid" 2>/dev/null'
wait "$watch_pid" || fail "it ended with status $?"
grep -q '^stopped$' watch.out.log || fail "no last words"
echo passed
