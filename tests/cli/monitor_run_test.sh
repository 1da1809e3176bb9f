#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#
# The monitor as a user meets it: help, errors, what it is without a configuration, SIGHUP, a second one, kill -9, the end.
# Usage: monitor_run_test.sh BELLWETHER SOURCE_DIR
set -euo pipefail
bellwether="$(realpath "$1")"
source_dir="$(realpath "$2")"
. "$source_dir/tests/cli/process_helpers.sh"
cd "$work"

# start_monitor ARGUMENTS...: on a free port; sets monitor_pid and url.
start_monitor() {
  rm -f monitor.out.log
  "$bellwether" monitor --listen 127.0.0.1:0 "$@" >monitor.out.log 2>monitor.err.log &
  monitor_pid=$!
  children+=("$monitor_pid")
  until_true 20 "the monitor serves" grep -q 'http://' monitor.out.log
  url="$(sed -n 's|.* on \(http://[^,]*\),.*|\1|p' monitor.out.log)"
}
answers() { curl -sf -G --data-urlencode "query=$1" "$url/api/v1/query" | grep -q "$2"; }

expect 0 'Examples:' "$bellwether" monitor --help
expect 2 '--listen' "$bellwether" monitor --listen nowhere
expect 2 '--retention' "$bellwether" monitor --retention soon
expect 1 'gone.yml' "$bellwether" monitor --config gone.yml
expect 1 'TLS' "$bellwether" monitor --listen 0.0.0.0:0
printf 'scrape_configs:\n  - job: x\n' >broken.yml
expect 1 'broken.yml:2:' "$bellwether" monitor --config broken.yml

# It watches itself by the prometheus.yml that lies here, and reads it again at a SIGHUP.
start_monitor --for 120s --directory first
kill -9 "$monitor_pid" # its built-in configuration names a desk that is not there: enough of that
cat >prometheus.yml <<'YAML'
global:
  scrape_interval: 100ms
  scrape_timeout: 100ms
scrape_configs: []
YAML
start_monitor
cat >>prometheus.yml <<YAML
  - job_name: itself
    static_configs:
      - targets: ["${url#http://}"]
YAML
sed -i 's/scrape_configs: \[\]/scrape_configs:/' prometheus.yml
kill -HUP "$monitor_pid"
until_true 20 "SIGHUP brings the job" answers 'up{job="itself"}' '"1"'
expect 1 'data' "$bellwether" monitor --listen 127.0.0.1:0
expect 0 'itself' "$bellwether" query instant --url "$url" up
expect 0 'itself' "$bellwether" query range --url "$url" up --start -1m --step 1s --format csv
expect 0 'itself' "$bellwether" query range --url "$url" up --start -1m
expect 0 'itself' "$bellwether" query labels job --url "$url"
expect 0 'bellwether_build_info' "$bellwether" query series '{__name__=~"bellwether_build.*"}' --url "$url" --format json
expect 0 'rate(x[1m])' "$bellwether" query format 'sum by (venue) (rate(x[60s])) + sum by (venue) (rate(a_rather_long_name_of_a_metric[5m]))'
expect 1 'did you mean "rate"' "$bellwether" query instant --url "$url" 'rte(x[1m])'
expect 2 'QUERY' "$bellwether" query instant --url "$url"

# What was there more than a second before a kill -9 is there after it.
until_true 20 "some samples" answers 'count_over_time(up{job="itself"}[1m]) > 15' itself
before="$(date +%s.%3N)" # not in whole seconds: those would ask for a moment up to a second earlier, with fewer samples
until_true 20 "more than a second later" answers "count_over_time(up{job=\"itself\"}[1m]) > 35" itself
kill -9 "$monitor_pid"
wait "$monitor_pid" 2>/dev/null || true # the data directory is free once it has ended
sed -i '/job_name/,$d; s/scrape_configs:/scrape_configs: []/' prometheus.yml
start_monitor
until_true 20 "the samples from before the kill" answers "count_over_time(up{job=\"itself\"}[1m] @ $before) > 15" itself
expect 1 'data' "$bellwether" query instant up --data data # the monitor has it
kill -TERM "$monitor_pid"
until_true 10 "the monitor ends after SIGTERM" eval '! kill -0 "$monitor_pid" 2>/dev/null'
expect 0 'itself' "$bellwether" query instant "last_over_time(up{job=\"itself\"}[1h])" --data data
wait "$monitor_pid" || fail "the monitor ended with status $?"
echo "passed"
