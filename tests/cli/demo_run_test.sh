#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#
# The program as a user meets it: help, version, errors, the demo on generated and on recorded ticks, its end.
# Usage: demo_run_test.sh BELLWETHER SOURCE_DIR
set -euo pipefail
bellwether="$(realpath "$1")"
source_dir="$(realpath "$2")"
. "$source_dir/tests/cli/process_helpers.sh"
recorded="${BELLWETHER_DATA:-$source_dir/../shared/data/binance_ticks_20240808}"
unset BELLWETHER_DATA
cd "$work"

expect 0 'bellwether 0.' "$bellwether" --version
expect 0 'demo' "$bellwether" --help
expect 0 'Example:' "$bellwether" demo --help
expect 2 'subcommand' "$bellwether"
expect 2 'speed' "$bellwether" demo --speed fast
expect 2 'duration' "$bellwether" demo --for soon
expect 2 'symbol' "$bellwether" demo --symbols 'BTC USDT'
expect 2 '--port' "$bellwether" demo --port 70000
expect 2 'minutes-equity' "$bellwether" desk --profile yearly
expect 2 'provider_failure' "$bellwether" fault fire
expect 1 'is the desk running' "$bellwether" fault list --url http://127.0.0.1:1
expect 1 '/nowhere' "$bellwether" demo --data /nowhere
expect 1 'no recording' "$bellwether" demo --data "$work"
BELLWETHER_TOKEN=short expect 1 'BELLWETHER_TOKEN' "$bellwether" demo --port 0

# Without recorded ticks the generator plays, and says so; --for ends it.
"$bellwether" demo --port 0 --monitor-port 0 --for 1s --seed 3 >demo.out.log 2>demo.err.log || fail "the demo did not end well"
grep -q 'the generator with seed 3' demo.out.log || fail "it does not say that the generator is used"
grep -q '^\[ *[0-9]*s\] running=5/5 uptime=[0-9.]*s errs=0 equity=\$[0-9.]* pnl=[+-][0-9.]*% pos=[0-9]$' demo.out.log || fail "no plain line"
grep -q '^monitor  [01]/1 targets up.* series .* samples/s' demo.out.log || fail "no line of the monitor"

# A port in use is told in words.
start_demo --alert-after 1s
expect 1 "${base##*:}" "$bellwether" demo --port "${base##*:}"
for path in /health /ready /started /metrics /metrics/prom /engines/status /risk/summary /api/v1/bots/ /api/v1/portfolio \
  /api/v1/statistics /api/v1/orders /api/v1/fills /api/v1/risk/kill-switches /api/v1/risk/audit /faults /openapi.json; do
  curl -sf -o /dev/null "$base$path" || fail "$path is not answered"
done
[ "$(curl -s -o /dev/null -w '%{http_code}' "$base/nothing")" = 404 ] || fail "/nothing is not 404"

# The monitor beside it has scraped it, and answers.
until_true 20 "the monitor sees the desk" eval \
  'curl -sf "$monitor/api/v1/query?query=levi_engine_status" | grep -q "\"symbol\":\"BTCUSDT\""'
expect 1 "${monitor##*:}" "$bellwether" demo --port 0 --monitor-port "${monitor##*:}" --directory second

# Faults by command: refused without the token, begun, listed, ended.
expect 1 '--token' "$bellwether" fault slow --url "$base"
expect 1 '401' "$bellwether" fault slow --url "$base" --token wrong
token="$(sed -n 's/.*token    \(\S*\) .*/\1/p' demo.out.log)"
expect 0 'begun' "$bellwether" fault slow --symbol BTCUSDT --for 5m --url "$base" --token "$token"
expect 0 '"fault":"slow"' "$bellwether" fault list --url "$base"
expect 0 'ended' "$bellwether" fault slow --end --url "$base" --token "$token"

# The alert that it shows has gone out, over the whole path, and its end too.
until_true 60 "the alert and its end are told" \
  grep -q 'RESOLVED  GlobalStopActive: webhook told after [0-9.]* ms, mail after [0-9.]* ms' demo.out.log
grep -q 'ALERT     GlobalStopActive: webhook told after [0-9.]* ms, mail after [0-9.]* ms' demo.out.log || fail "no alert"
grep -q '"alertname":"GlobalStopActive"' data/demo/inbox/webhook.jsonl || fail "no webhook was kept"
grep -q 'GlobalStopActive' data/demo/inbox/mail/0001.eml || fail "no mail was kept"
end_demo INT
grep -q 'stopped after' demo.out.log || fail "no last words"

# Recorded ticks: the clock skew is told once a symbol, midnight is no gap, no lag is negative.
if [ ! -d "$recorded" ]; then
  echo "SKIPPED: no recorded ticks in $recorded"
else
  start_demo --data "$recorded" --speed max
  until_true 60 "two rounds of the recording" eval \
    'curl -s "$base/metrics/prom" | awk "/^market_data_updates_total/ { n += \$2 } END { exit n < 700000 }"'
  curl -s "$base/metrics/prom" >metrics.txt
  [ "$(grep -c 'negative_lag' demo.err.log)" = 4 ] || fail "negative_lag is not told once for each of four symbols"
  grep -q 'data_quality_errors_total{error_type="sequence_gap"} [1-9]' metrics.txt && fail "a gap where there is none"
  grep '^market_data_lag_seconds_count' metrics.txt | grep -qv ' 0$' && fail "a lag where all are negative"
  end_demo TERM
  tail -n 2 demo.out.log
fi
echo "passed"
