#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#
# `bellwether silence` and `bellwether alert` against Debian's Alertmanager, whose API a monitor speaks too.
# Usage: silence_alert_test.sh BELLWETHER SOURCE_DIR ALERTMANAGER
set -euo pipefail
bellwether="$(realpath "$1")"
source_dir="$(realpath "$2")"
alertmanager="$3"
. "$source_dir/tests/cli/process_helpers.sh"
cd "$work"

expect_not() {
  expect "$1" "" "${@:3}"
  ! grep -qF -- "$2" said.txt || fail "${*:3} said '$2': $(cat said.txt)"
}

printf 'route: {receiver: default}\nreceivers: [{name: default}]\n' >am.yml
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
"$alertmanager" --config.file=am.yml --storage.path=am --cluster.listen-address= --web.listen-address="127.0.0.1:$port" >am.log 2>&1 &
children+=("$!")
url="http://127.0.0.1:$port"
until_true 30 "the Alertmanager serves" curl -sf -o ready.txt "$url/-/ready"

expect 0 "no alerts" "$bellwether" alert query --url "$url"
expect 0 "taken" "$bellwether" alert add Drill severity=P2 --annotation 'summary=a drill' --url "$url"
expect 0 "a drill" "$bellwether" alert query --url "$url"
expect 0 '"alertname":"Drill"' "$bellwether" alert query 'severity=~"P1|P2"' --json --url "$url"
id="$("$bellwether" silence add Drill 'severity!=P0' --comment 'planned outage' --author ann --duration 2h --url "$url")"
expect 0 'alertname="Drill" severity!="P0"  ann  planned outage' "$bellwether" silence query --url "$url"
expect 0 "no alerts" "$bellwether" alert query --url "$url"
expect 0 "silenced" "$bellwether" alert query --all --url "$url"
expect 0 "$id" "$bellwether" silence add Drill 'severity!=P0' --id "$id" --comment longer --author ann --duration 4h --url "$url"
expect 0 "longer" "$bellwether" silence query Drill --url "$url"
expect 0 "" "$bellwether" silence expire "$id" --url "$url"
expect_not 0 "$id" "$bellwether" silence query --url "$url"
expect 0 "$id" "$bellwether" silence query --expired --url "$url"
expect 0 "taken" "$bellwether" alert add Drill severity=P2 --end now --url "$url"
expect 0 "no alerts" "$bellwether" alert query Drill --url "$url"

expect 1 "refused with 422: silenceID in path must be of type uuid" "$bellwether" silence expire zz --url "$url"
expect 1 "the silence would end before it begins" "$bellwether" silence add X --comment c --end=-1h --url "$url"
expect 1 "is no time" "$bellwether" alert add X --start soon --url "$url"
expect 2 "--comment" "$bellwether" silence add X --url "$url"
expect 1 "127.0.0.1:1" "$bellwether" alert query --url http://127.0.0.1:1
for command in "silence add" "silence query" "silence expire" "alert query" "alert add" "alert acknowledge"; do
  # shellcheck disable=SC2086
  expect 0 "Example" "$bellwether" $command --help
done
printf 'bellwether silence and alert: all as expected\n'
