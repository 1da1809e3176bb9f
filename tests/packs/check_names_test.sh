#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
# check_names_test.sh <promtool> <print_pack> <pack> [name...]: `promtool check metrics` remarks on these names, which are the
# documents' own, and on no other.
set -euo pipefail

promtool="$1" print_pack="$2" pack="$3"
shift 3
remarks="$("$print_pack" "$pack" | "$promtool" check metrics 2>&1 || true)"
found="$(awk 'NF { print $1 }' <<<"$remarks" | sort -u)"
expected="$(printf '%s\n' "$@" | sort -u)"
[ "$found" = "$expected" ] && exit 0
echo "promtool's remarks on the pack $pack:"
echo "$remarks"
diff <(echo "$expected") <(echo "$found") || true
exit 1
