# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
# Sourced by the tests that run real processes. Each process that a test starts is ended by its own pid.

work="$(mktemp -d)"
children=()

end_child() {
  kill -TERM "$1" 2>/dev/null || return 0
  for _ in $(seq 400); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.05
  done
  kill -KILL "$1" 2>/dev/null || true
}

clean_up() {
  for child in "${children[@]}"; do end_child "$child"; done
  rm -rf "$work"
}
trap clean_up EXIT

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  for file in "$work"/*.log; do
    [ -e "$file" ] || continue
    printf -- '--- %s\n' "${file##*/}" >&2
    tail -n 30 "$file" >&2
  done
  exit 1
}

# until_true SECONDS WHAT COMMAND...: polls until the command succeeds, fails with WHAT after the deadline. It is that of a machine
# that does nothing else; one that builds and tests beside it has four times as long, but never more than two minutes: ctest's
# TIMEOUT is to leave time for the logs that `fail` prints.
until_true() {
  local patience=$((4 * $1)) what="$2"
  [ "$patience" -le 120 ] || patience=120
  local deadline=$((SECONDS + patience))
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || fail "gave up waiting: $what"
    sleep 0.1
  done
}

# expect STATUS TEXT COMMAND...: the command ends with that status and says TEXT (which may be empty); what it said stays in said.txt.
expect() {
  local expected="$1" text="$2" status=0
  shift 2
  "$@" >said.txt 2>&1 || status=$?
  [ "$status" -eq "$expected" ] || fail "$* ended with status $status, not $expected: $(cat said.txt)"
  [ -z "$text" ] || grep -qF -- "$text" said.txt || fail "$* did not say '$text' but: $(cat said.txt)"
}

# start_demo ARGUMENTS...: runs the demo on a free port; sets demo_pid, base (its URL) and monitor (that of the monitor beside it).
start_demo() {
  rm -f "$work/demo.out.log"   # what an earlier one said there is not this one's
  "$bellwether" demo --port 0 --monitor-port 0 "$@" >"$work/demo.out.log" 2>"$work/demo.err.log" &
  demo_pid=$!
  children+=("$demo_pid")
  until_true 20 "the demo serves" grep -q 'monitor  http' "$work/demo.out.log"
  base="$(sed -n 's|.*metrics  \(http://[^/]*\)/.*|\1|p' "$work/demo.out.log")"
  monitor="$(sed -n 's|.*monitor  \(http://[^/]*\)/.*|\1|p' "$work/demo.out.log")"
}

# end_demo SIGNAL: asks the demo to stop; fails unless it ends with status 0.
end_demo() {
  kill "-$1" "$demo_pid"
  until_true 10 "the demo ends after SIG$1" eval '! kill -0 "$demo_pid" 2>/dev/null'
  local status=0
  wait "$demo_pid" || status=$?
  [ "$status" -eq 0 ] || fail "the demo ended with status $status"
}
