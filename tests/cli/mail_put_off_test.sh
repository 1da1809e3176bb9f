#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#
# An e-mail to three people of whom one is greylisted and one is refused for good; the monitor is killed while it waits. Each gets it
# once, under one Message-ID; the fallback hears of the one who never will.
# Usage: mail_put_off_test.sh BELLWETHER SOURCE_DIR
set -euo pipefail
bellwether="$(realpath "$1")"
source_dir="$(realpath "$2")"
/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || { echo "NOT TESTED: python3-aiosmtpd is missing; scripts/bootstrap installs it"; exit 77; }
. "$source_dir/tests/cli/process_helpers.sh"
cd "$work"

mkdir mails
/usr/bin/python3 "$source_dir/tests/notify/receivers/smtp_server.py" mails >smtp.log 2>&1 &
children+=("$!")
until_true 30 "the mail server serves" test -e mails/port

cat >alertmanager.yml <<YAML
global: {smtp_smarthost: '127.0.0.1:$(cat mails/port)', smtp_from: bellwether@example.org, smtp_require_tls: false}
route: {receiver: desk, group_wait: 0s}
receivers:
  - name: desk
    email_configs: [{to: 'ann@example.org, grey@example.org, refused@example.org', send_resolved: true}]
  - name: spare
    email_configs: [{to: spare@example.org}]
YAML
printf 'fallback_receiver: spare\n' >bellwether.yml
printf 'scrape_configs: []\n' >prometheus.yml

start_monitor() {
  rm -f monitor.out.log
  "$bellwether" monitor --listen 127.0.0.1:0 >monitor.out.log 2>>monitor.err.log &
  monitor_pid=$!
  children+=("$monitor_pid")
  until_true 30 "the monitor serves" grep -qs 'http://' monitor.out.log
  url="$(sed -n 's|.* on \(http://[^,]*\),.*|\1|p' monitor.out.log)"
}
mails_to() { grep -l "^tls=.* to=$1"$'\r' mails/*.eml 2>/dev/null | wc -l; }
waiting() { curl -sf "$url/metrics" | sed -n 's/^bellwether_notify_outbox_depth //p'; }

start_monitor
"$bellwether" alert add EngineCrashed severity=P0 --url "$url" >/dev/null
until_true 30 "ann has it" eval '[ "$(mails_to ann@example.org)" = 1 ]'
until_true 30 "the fallback knows of the refused one" eval '[ "$(mails_to spare@example.org)" = 1 ]'
grep -q 'refused@example.org: 550' "$(grep -l 'to=spare' mails/*.eml)" || fail "the fallback is not told who"
until_true 30 "one message waits" eval '[ "$(waiting)" = 1 ]'

kill -9 "$monitor_pid"
wait "$monitor_pid" 2>/dev/null || true # the data directory is free once it has ended
start_monitor
until_true 30 "the message still waits" eval '[ "$(waiting)" = 1 ]'
touch mails/lift
until_true 60 "grey has it" eval '[ "$(mails_to grey@example.org)" = 1 ]'
until_true 30 "nothing waits" eval '[ "$(waiting)" = 0 ]'

[ "$(mails_to ann@example.org)" = 1 ] || fail "ann has it twice"
[ "$(mails_to grey@example.org)" = 1 ] || fail "grey has it twice"
[ "$(grep -l 'to=.*refused' mails/*.eml | wc -l)" = 0 ] || fail "the refused one got it"
ids="$(grep -h '^Message-ID:' "$(grep -l ' to=ann' mails/*.eml)" "$(grep -l ' to=grey' mails/*.eml)" | sort -u | wc -l)"
[ "$ids" = 1 ] || fail "two Message-IDs for one message"
grep -A1 '^To: ann@example.org' "$(grep -l ' to=grey' mails/*.eml)" | grep -q grey@example.org || fail "To does not name all"

# Its end goes to both, in one mail: nobody waits for anybody.
"$bellwether" alert add EngineCrashed severity=P0 --end now --url "$url" >/dev/null
until_true 60 "both know of the end" eval '[ "$(mails_to ann@example.org,grey@example.org)" = 1 ]'
printf 'a mail that was put off for one of several: all as expected\n'
