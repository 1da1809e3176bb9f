#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
# check_exports.sh <stage>: the shared libraries under it show names of namespace bellwether and nothing else, and
# libbellwether_metrics.so needs nothing but the C and C++ libraries.
set -euo pipefail

stage="$1"
mapfile -t libraries < <(find "$stage" -name 'libbellwether_*.so')
[ "${#libraries[@]}" -gt 0 ] || { echo "no shared libraries under $stage"; exit 1; }
status=0
for library in "${libraries[@]}"; do
  shown="$(nm -DC --defined-only "$library")"
  own="$(grep -cE ' (bellwether::|(vtable|typeinfo|typeinfo name|VTT|guard variable|TLS (init|wrapper) function) for bellwether::|(non-)?virtual thunk to bellwether::)' <<<"$shown" || true)"
  foreign="$(grep -vE ' (bellwether::|(vtable|typeinfo|typeinfo name|VTT|guard variable|TLS (init|wrapper) function) for bellwether::|(non-)?virtual thunk to bellwether::)' <<<"$shown" || true)"
  echo "$(basename "$library"): $own names of bellwether"
  [ "$own" -gt 0 ] || { echo "  shows nothing at all"; status=1; }
  if [ -n "$foreign" ]; then
    echo "  shows names that are not ours:"
    head -n 20 <<<"$foreign"
    status=1
  fi
done
needed="$(objdump -p "$(find "$stage" -name 'libbellwether_metrics.so' | head -n 1)" | awk '$1 == "NEEDED" { print $2 }')"
if grep -vE '^(libstdc\+\+|libm|libgcc_s|libc|libpthread|ld-linux.*)\.so' <<<"$needed"; then
  echo "  ^ libbellwether_metrics.so needs these, and should need none of them"
  status=1
fi
exit "$status"
