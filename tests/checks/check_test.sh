#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
# check_test.sh <repository> <scratch folder>: each check sees what it is there to see, and lets the right through.
# A check that never fails is worth nothing: every case here is a tiny tree with one thing wrong.
set -euo pipefail

repository="$1"
scratch="$2"
failures=0

fresh_tree() { # a tree in order, which the cases then spoil
  rm -rf "$scratch/tree"
  mkdir -p "$scratch/tree"/{docs,src/base,src/net,src/automation,src/paper,include/bellwether,packs/levibot,packs/desk}
  cd "$scratch/tree"
  cat >docs/architecture.md <<'TEXT'
- `net` stands here outside of the markers and must not count
<!-- folder-order:begin -->
- `base` the ground
- `net` sockets
- `automation` runs tests
- `paper` the desk
<!-- folder-order:end -->
TEXT
  printf '#include <bellwether/clock.hpp>\n#include <string>\n' >src/base/clock.cpp
  printf '#include "base/text.hpp"\n#include "net/server.hpp"\n#include <net/if.h>\n#include <boost/asio.hpp>\n' >src/net/server.cpp
  printf '#include "packs/levibot/metrics.hpp"\n' >src/automation/observers.cpp
  printf '#include "packs/levibot/metrics.hpp"\n#include "net/server.hpp"\n' >src/paper/desk.cpp
  printf '#include <bellwether/version.hpp>\n#include <chrono>\n' >include/bellwether/clock.hpp
  printf '#include <bellwether/clock.hpp>\n#include "packs/levibot/names.hpp"\n#include <vector>\n' >packs/levibot/metrics.cpp
}

matches() { # a text between ^ and $ must be a whole line
  case "$1" in
    ^*) local line="${1#^}"; grep -qxF -- "${line%\$}" ;;
    *) grep -qF -- "$1" ;;
  esac
}

expect() { # expect <0|1> <what> <text in the output> <command...>
  local wanted="$1" what="$2" text="$3" status=0 output
  shift 3
  output="$("$@" 2>&1)" || status=$?
  if [ "$status" -eq "$wanted" ] && matches "$text" <<<"$output"; then
    echo "ok: $what"
  else
    failures=$((failures + 1))
    printf 'FAILED: %s\n  wanted status %s and the text: %s\n  got status %s and:\n%s\n' "$what" "$wanted" "$text" "$status" "$output"
  fi
}

folder_order() { expect "$1" "$2" "$3" "$repository/scripts/check-folder-order" "$scratch/tree"; }
spoil() { # spoil <file> <line> <what> <text>
  fresh_tree
  printf '%s\n' "$2" >>"$1"
  folder_order 1 "$3" "$4"
}

fresh_tree
folder_order 0 "a tree in order passes" "folder order: 14 includes in 6 files keep it"
spoil src/base/clock.cpp '#include "net/server.hpp"' "a folder includes one below it" "src/base/clock.cpp:3: folder base includes net"
spoil src/base/clock.cpp '  #  include "net/server.hpp"' "spaces do not hide it" "folder base includes net"
spoil src/net/server.cpp '#include "../base/text.hpp"' "a relative include" "relative include"
spoil src/net/server.cpp '#include "server.hpp"' "an include that does not begin at src/" "from the root src/"
spoil src/net/server.cpp '#include "packs/levibot/metrics.hpp"' "a folder other than automation, paper and cli includes a pack" "only automation, paper and cli"
spoil include/bellwether/clock.hpp '#include "base/text.hpp"' "a public header includes an internal one" "a public header includes only"
spoil include/bellwether/clock.hpp '#include <boost/asio.hpp>' "a public header includes a third party" "not <boost/asio.hpp>"
spoil packs/levibot/metrics.cpp '#include "net/server.hpp"' "a pack includes an internal header" "a pack includes only"
spoil packs/levibot/metrics.cpp '#include "packs/desk/metrics.hpp"' "a pack includes another" "a pack includes only"
spoil packs/levibot/metrics.cpp '#include <fmt/format.h>' "a pack includes a third party" "a pack includes only"
fresh_tree
touch src/net/server.hpp
printf '#include <net/server.hpp>\n' >>src/net/server.cpp
folder_order 1 "an internal header in angle brackets" "is included with quotes"
fresh_tree
mkdir src/utils
printf '#include <string>\n' >src/utils/utils.cpp
folder_order 1 "a folder that is not in the list" "src/utils does not stand in docs/architecture.md"
fresh_tree
: >docs/architecture.md
folder_order 2 "a list that was lost" "no folders between the folder-order markers"

if command -v clang-format-14 >/dev/null; then
  fresh_tree
  rm -rf src include packs
  cp "$repository/.clang-format" .
  printf 'int main() {\n  return 0;\n}\n' >main.cpp
  expect 0 "a formatted file passes" "1 files are in the house style" env GIT_DIR=/nonexistent "$repository/scripts/check-format" "$scratch/tree"
  printf 'int  main( ) {return 0;}\n' >main.cpp
  expect 1 "a file in another style" "1 of 1 files differ" env GIT_DIR=/nonexistent "$repository/scripts/check-format" "$scratch/tree"
fi

printf 'ID=debian\nVERSION_ID="12"\n' >"$scratch/debian"
printf 'ID=ubuntu\nVERSION_ID="24.04"\n' >"$scratch/ubuntu"
printf 'ID=plan9\nVERSION_ID="4"\n' >"$scratch/plan9"
expect 0 "bootstrap knows Debian's Boost" libboost1.81-dev env BELLWETHER_OS_RELEASE="$scratch/debian" "$repository/scripts/bootstrap" --list build
expect 0 "bootstrap knows Ubuntu's Boost" libboost1.83-dev env BELLWETHER_OS_RELEASE="$scratch/ubuntu" "$repository/scripts/bootstrap" --list build
expect 1 "bootstrap refuses what it does not know" "this is 'plan9 4'" env BELLWETHER_OS_RELEASE="$scratch/plan9" "$repository/scripts/bootstrap" --list
expect 1 "bootstrap refuses an unknown group" "unknown argument 'everything'" "$repository/scripts/bootstrap" everything

# bootstrap against a dpkg and an apt-get of our own: one package is missing; services must be held while it is installed, and
# the machine's own policy be back after it, also when the installation fails.
mkdir -p "$scratch/bin"
cat >"$scratch/bin/dpkg-query" <<'TEXT'
#!/bin/sh
shift 3
for package; do [ "$package" = "${MISSING:-curl}" ] || echo "$package installed"; done
TEXT
cat >"$scratch/bin/apt-get" <<'TEXT'
#!/bin/sh
[ "$2" = install ] || exit 0
sh "$BELLWETHER_POLICY" || echo "services held: $?"
[ ! -e "$BELLWETHER_CLUSTERS" ] || cat "$BELLWETHER_CLUSTERS"
echo "apt-get $*"
[ -z "$APT_FAILS" ]
TEXT
printf '#!/bin/sh\necho 0\n' >"$scratch/bin/id"
chmod +x "$scratch/bin"/*
export BELLWETHER_POLICY="$scratch/policy-rc.d"
export BELLWETHER_CLUSTERS="$scratch/postgresql-common/createcluster.conf"
export BELLWETHER_CLUSTERS_DEFAULT="$scratch/createcluster.conf"
rm -f "$BELLWETHER_CLUSTERS" "$BELLWETHER_CLUSTERS_DEFAULT" # of a former run
faked() { env BELLWETHER_OS_RELEASE="$scratch/debian" PATH="$scratch/bin:$PATH" "$@"; }
printf '#!/bin/sh\nexit 0\n' >"$BELLWETHER_POLICY"
cp "$BELLWETHER_POLICY" "$scratch/policy-before"
expect 1 "bootstrap --check names what is missing" "1 of 2 packages are missing: curl" faked "$repository/scripts/bootstrap" --check demo
expect 0 "bootstrap installs what is missing, and that alone" "apt-get -q install -y --no-install-recommends curl" faked "$repository/scripts/bootstrap" demo
expect 0 "bootstrap lets no service start meanwhile" "services held: 101" faked "$repository/scripts/bootstrap" demo
expect 0 "the policy for services is put back" "" cmp "$BELLWETHER_POLICY" "$scratch/policy-before"
expect 1 "bootstrap says when apt-get fails" "apt-get install failed" faked env APT_FAILS=1 "$repository/scripts/bootstrap" demo
expect 0 "the policy is put back after a failure" "" cmp "$BELLWETHER_POLICY" "$scratch/policy-before"
rm "$BELLWETHER_POLICY"
expect 0 "bootstrap works where there was no policy" "services held: 101" faked "$repository/scripts/bootstrap" demo
expect 1 "and leaves none" "" test -e "$BELLWETHER_POLICY"
expect 0 "bootstrap lets PostgreSQL make no cluster" "create_main_cluster = false" faked env MISSING=postgresql "$repository/scripts/bootstrap" test
expect 1 "and leaves no setting of its own" "" test -e "$BELLWETHER_CLUSTERS"
echo "as the package has it" >"$BELLWETHER_CLUSTERS_DEFAULT"
expect 1 "nor after a failure" "apt-get install failed" faked env MISSING=postgresql APT_FAILS=1 "$repository/scripts/bootstrap" test
expect 0 "but the package's" "as the package has it" cat "$BELLWETHER_CLUSTERS"
echo "my own" >"$BELLWETHER_CLUSTERS"
expect 0 "a setting that was there stays" "my own" faked env MISSING=postgresql "$repository/scripts/bootstrap" test
expect 0 "as it is" "my own" cat "$BELLWETHER_CLUSTERS"
unset BELLWETHER_POLICY BELLWETHER_CLUSTERS BELLWETHER_CLUSTERS_DEFAULT

expect 2 "scripts/test refuses an unknown stage" "unknown stage 'luck'" "$repository/scripts/test" luck


# scripts/test against a cmake and a ctest of our own: how it counts, what it says last, and with which status it ends.
mkdir -p "$scratch/runner/scripts" "$scratch/fake"
cp "$repository/scripts/test" "$scratch/runner/scripts/test"
printf '#!/bin/sh\nexit 0\n' >"$scratch/fake/cmake"
cat >"$scratch/fake/ctest" <<'TEXT'
#!/bin/sh
echo "$CTEST_SAYS"
exit "$CTEST_STATUS"
TEXT
chmod +x "$scratch/fake"/*
last_line() { last_lines 1 "$@"; }
last_lines() { # last_lines <how many> <ctest's summary> <ctest's status> <argument...>: the end of the output, and the status
  local count="$1"
  shift
  local says="$1" status="$2" output result=0
  shift 2
  output="$(env CTEST_SAYS="$says" CTEST_STATUS="$status" PATH="$scratch/fake:$PATH" "$scratch/runner/scripts/test" "$@" 2>&1)" || result=$?
  tail -n "$count" <<<"$output"
  return "$result"
}
expect 0 "tests that pass are counted" "^7 passed, 0 failed$" last_line "100% tests passed, 0 tests failed out of 7" 0 release
expect 0 "over several stages" "^14 passed, 0 failed$" last_line "100% tests passed, 0 tests failed out of 7" 0 asan tsan
expect 1 "tests that fail are counted" "^5 passed, 2 failed$" last_line "71% tests passed, 2 tests failed out of 7" 8 release
expect 1 "one test that fails" "^6 passed, 1 failed$" last_line "86% tests passed, 1 tests failed out of 7" 8 release
expect 1 "the first stage that fails is the last that runs" "^5 passed, 2 failed$" last_line "71% tests passed, 2 tests failed out of 7" 8 asan tsan
expect 1 "unless it should go on" "^10 passed, 4 failed$" last_line "71% tests passed, 2 tests failed out of 7" 8 --keep-going asan tsan
expect 1 "what failed is told once more at the end" "71% tests passed, 2 tests failed out of 7" last_lines 3 "71% tests passed, 2 tests failed out of 7" 8 release
said=' 6/7 Test   #6: good ....   Passed    0.01 sec
 7/7 Test   #7: bad .....***Failed    0.01 sec
expected one, was two
        Start    8: next

71% tests passed, 2 tests failed out of 7'
expect 1 "and what the failed test said" "expected one, was two" last_lines 4 "$said" 8 release
expect 1 "no tests are no success" "^0 passed, 1 failed$" last_line "No tests were found!!!" 8 release
expect 1 "a summary that cannot be read is no success" "^0 passed, 1 failed$" last_line "splendid" 0 release

# --- the README ---------------------------------------------------------------------------------------------------------
readme() { expect "$1" "$2" "$3" "$repository/scripts/check-readme" "$scratch/tree"; }
readme_tree() { # the README's C++, then the example's
  fresh_tree
  mkdir examples
  printf '# Title\n\n```cpp\n%s\n```\n\n[here](examples/a.cpp) [web](https://example.org/x)\n' "$1" >README.md
  printf '// first\n%s\n' "$2" >examples/a.cpp
}
readme_tree 'int main() {}' 'int main() {}'
readme 0 "a README that shows an example passes" ""
readme_tree 'int main() {}' 'int main() { }'
readme 1 "an example that changed is seen" "its C++ is not the text of any program"
readme_tree 'int main() {}' 'int main() {}'
echo '[gone](docs/gone.md)' >>README.md
readme 1 "a link to nothing is seen" "links to docs/gone.md"

[ "$failures" -eq 0 ] || { echo "$failures failed"; exit 1; }
