#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#
# The packs' rules before the real promtool and amtool, before `bellwether rules test`, and against the table of the documents'
# alerts: every alert has severity, priority, response time, summary, a description with value, limit and scope, a runbook
# section that its runbook_url points to, a test in which it fires and one in which it is silent.
# Usage: rules_test.sh SOURCE_DIR [BELLWETHER]
set -euo pipefail
cd "$1"
bellwether="${2:-}"
table="tests/packs/alert_table.txt"
failures=0
complain() {
  printf 'FAILED: %s\n' "$*" >&2
  failures=$((failures + 1))
}

# One line an alert: name, id, severity, priority, response time, runbook, file, and what is missing of the rest.
alerts_of() {
  awk '
    function value(line) { sub(/^[^:]*: */, "", line); gsub(/^["\047]|["\047]$/, "", line); return line }
    function tell() {
      if (name == "") return
      missing = ""
      if (!summary) missing = missing " summary"
      if (description !~ /Value: .*Limit: .*Scope: /) missing = missing " value,limit,scope"
      if (urgent && for_ != "0s") missing = missing " for:0s"
      printf "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name, id == "" ? "-" : id, severity, priority, response, runbook, FILENAME, missing == "" ? "-" : missing
      name = ""
    }
    /^      - / { tell() }
    /^      - alert: / { name = value($0); id = severity = priority = response = runbook = description = for_ = ""; summary = urgent = inside = 0 }
    /^        for: / { for_ = value($0) }
    /^          severity: / { severity = value($0) }
    /^          priority: / { priority = value($0) }
    /^          urgent: / { urgent = 1 }
    /^          summary: / { summary = length(value($0)) > 0 }
    inside && /^            / { description = description " " $0; next }
    { inside = 0 }
    /^          description: / { inside = 1; description = $0 }
    /^          response_time: / { response = value($0) }
    /^          runbook_url: / { runbook = value($0) }
    /^          requirement: / { id = value($0) }
    ENDFILE { tell() }
  ' "$@" 2>/dev/null
}

list="$(mktemp)"
trap 'rm -f "$list"' EXIT
for file in packs/*/rules/*.yml packs/*/rules/optional/*.yml; do
  # `tell` at the end of a file needs gawk; one file a call works with every awk.
  { sed -n p "$file"; echo "      - "; } >"$list.one"
  alerts_of "$list.one" | sed "s|$list.one|$file|" >>"$list"
done
rm -f "$list.one"

# What each alert says of itself.
while IFS=$'\t' read -r name id severity priority response runbook file missing; do
  case "$severity/$priority/$response" in
    'critical/P0/5 min' | 'warning/P1/30 min' | 'warning/P2/30 min' | 'info/INFO/next business day') ;;
    *) complain "$file: $name: severity, priority and response time do not fit: $severity/$priority/$response" ;;
  esac
  [ "$missing" = - ] || complain "$file: $name lacks:$missing"
  page="${runbook%%#*}" anchor="${runbook#*#}"
  if [ ! -f "$page" ]; then
    complain "$file: $name: runbook_url points to $runbook, which is not there"
  else
    # GitHub's anchors: lower case, spaces become dashes.
    section="$(awk -v anchor="$anchor" '/^## / { t = tolower(substr($0, 4)); gsub(/[^a-z0-9 -]/, "", t); gsub(/ /, "-", t); on = t == anchor } on' "$page")"
    for part in 'Meaning' 'First look' 'Commands' 'Escalate to'; do
      grep -q "\*\*$part" <<<"$section" || complain "$page#$anchor: no part '$part'"
    done
  fi
  tests=("${file%/rules/*}"/rules/tests/*_test.yml)
  grep -A3 -h -F -- "- alertname: $name" "${tests[@]}" | grep -q 'exp_alerts:$' || complain "$file: $name never fires in a test"
  [ "$name" = Watchdog ] || grep -q "^  - name: [\"']$name.* stays silent" "${tests[@]}" || complain "$file: $name has no silent test"
done <"$list"

# The documents' table.
while read -r id name; do
  [ "$id" = '#' ] && continue
  awk -F '\t' -v id="$id" -v name="$name" '$1 == name && $2 == id { found = 1 } END { exit !found }' "$list" || complain "$id $name has no rule"
done < <(grep -v '^#' "$table")
wanted="$(grep -vc '^#' "$table")"
[ "$wanted" -eq 63 ] || complain "the table holds $wanted alerts, not 63"
for number in $(seq -w 1 22); do
  case "$number" in 17) continue ;; esac # F17 is a figure of the library, which no alert can watch
  cut -f 2 "$list" | grep -qx "F$number" || grep -q "(.*F$number" packs/desk/rules/desk.yml || complain "F$number has no alert"
done

# The judges.
for pack in packs/*/; do
  pack="${pack%/}"
  [ -d "$pack/rules" ] || continue
  said="$(promtool check rules "$pack"/rules/*.yml 2>&1)" || complain "$said"
  said="$(promtool test rules "$pack"/rules/tests/*.yml 2>&1)" || complain "$said"
  said="$(promtool check config "$pack/prometheus.yml" 2>&1)" || complain "$said"
  if command -v amtool >/dev/null; then
    said="$(amtool check-config "$pack/alertmanager.yml" 2>&1)" || complain "$said"
  fi
  if [ -n "$bellwether" ] && "$bellwether" rules --help >/dev/null 2>&1; then
    said="$("$bellwether" rules test "$pack"/rules/tests/*.yml 2>&1)" || complain "bellwether rules test: $said"
    said="$("$bellwether" rules check "$pack"/rules/*.yml 2>&1)" || complain "bellwether rules check: $said"
  fi
done

[ "$failures" -eq 0 ] || exit 1
printf '%s alerts, %s of them of the documents\n' "$(wc -l <"$list")" "$wanted"
