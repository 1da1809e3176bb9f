#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#
# The demo, watched by a real Prometheus with the pack's own prometheus.yml: all six queries are answered, and
# EngineCrashed fires after one engine is made to crash and ends after it is started again.
# Usage: demo_prometheus_test.sh BELLWETHER SOURCE_DIR
set -euo pipefail
bellwether="$(realpath "$1")"
source_dir="$(realpath "$2")"
. "$source_dir/tests/cli/process_helpers.sh"

export BELLWETHER_TOKEN=integration-test-token
cd "$work"   # no recorded ticks from here: the generator
start_demo --seed 7 --speed 5

# The pack's files with shorter intervals; nothing else is changed.
cp -r "$source_dir/packs/levibot/rules" .
sed -i 's/for: 30s/for: 1s/' rules/levibot.yml
sed -e "s|127.0.0.1:8000|${base#http://}|" -e 's/: 5s/: 500ms/' -e 's/: 4s/: 400ms/' \
  "$source_dir/packs/levibot/prometheus.yml" >prometheus.yml
promtool check config prometheus.yml >promtool.log || fail "the shortened configuration is not valid"

prometheus --config.file=prometheus.yml --storage.tsdb.path=data --web.listen-address=127.0.0.1:0 \
  --log.level=info 2>prometheus.log &
children+=("$!")
until_true 30 "Prometheus listens" grep -q 'msg="Listening on"' prometheus.log
prometheus_url="http://$(sed -n 's/.*msg="Listening on" address=\(\S*\).*/\1/p' prometheus.log | head -n 1)"

answer() { promtool query instant "$prometheus_url" "$1" 2>>promtool.log; }
answered() { answer "$1" >answer.txt && grep -q "=>" answer.txt; }
is() { [ "$(answer "$1" | sed 's/.*=> \(\S*\) .*/\1/')" = "$2" ]; }

queries=(
  'histogram_quantile(0.95, sum(rate(levi_inference_latency_seconds_bucket[5m])) by (le, symbol))'
  'sum(increase(levi_signals_total[1h])) by (side)'
  'count(levi_engine_status == 1)'
  'levi_realized_today_pct'
  'levi_engine_uptime_seconds{symbol="BTCUSDT"}'
  'sum(increase(levi_engine_errors_total[15m])) by (symbol)'
)
for query in "${queries[@]}"; do
  until_true 30 "an answer to $query" answered "$query"
  printf 'answered: %s\n' "$query"
  sed 's/^/    /' answer.txt
done
until_true 20 "five engines run" is 'count(levi_engine_status == 1)' 5
until_true 20 "the target is up" is 'up{job="levibot"}' 1
answered 'ALERTS{alertname="EngineCrashed"}' && fail "EngineCrashed before any crash"

crash() { curl -s -o /dev/null -w '%{http_code}' -X POST "$@" "$base/engines/ETHUSDT/crash"; }
[ "$(crash)" = 401 ] || fail "a crash without the token was not refused"
[ "$(crash -H "Authorization: Bearer $BELLWETHER_TOKEN")" = 200 ] || fail "the crash was refused"
until_true 30 "EngineCrashed fires" answered 'ALERTS{alertname="EngineCrashed",alertstate="firing",symbol="ETHUSDT",severity="critical"}'
sed 's/^/    /' answer.txt
is 'count(levi_engine_status == 1)' 4 || fail "the other four engines do not run"
until_true 20 "the error is counted" is 'levi_engine_errors_total{symbol="ETHUSDT"}' 1

curl -sf -o /dev/null -X POST -H "Authorization: Bearer $BELLWETHER_TOKEN" "$base/engines/ETHUSDT/start" || fail "the crashed engine cannot be started"
until_true 30 "EngineCrashed ends" eval "! answered 'ALERTS{alertname=\"EngineCrashed\"}'"
until_true 20 "five engines run again" is 'count(levi_engine_status == 1)' 5

end_demo TERM
echo "passed"
