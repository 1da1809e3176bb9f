#!/usr/bin/env bash
# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#
# The commands that speak to a monitor, with one that has users and TLS: --http.config.file as promtool and amtool take it.
# Usage: monitor_login_test.sh BELLWETHER SOURCE_DIR
set -euo pipefail
bellwether="$(realpath "$1")"
source_dir="$(realpath "$2")"
. "$source_dir/tests/cli/process_helpers.sh"
cd "$work"

# expect_discreet STATUS TEXT COMMAND...: as expect, and the password is not in what the command says.
expect_discreet() {
  expect "$@"
  ! grep -qF 'sesame' said.txt || fail "${*:3} gave the password away: $(cat said.txt)"
}

# An authority of our own, and the monitor's certificate.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=test authority' \
  -keyout ca.key -out ca.pem 2>openssl.log
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' -keyout server.key -out server.csr 2>>openssl.log
printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >names.cnf
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names.cnf -out server.pem 2>>openssl.log
chmod 600 server.key
cat >web.yml <<'YAML'
tls_server_config: {cert_file: server.pem, key_file: server.key}
basic_auth_users:
  ann: HASH
YAML
hash="$(python3 -W ignore -c 'import crypt; print(crypt.crypt("open sesame", "$2b$04$abcdefghijklmnopqrstuu"))')"
sed -i "s|HASH|$hash|" web.yml
printf 'scrape_configs: []\n' >prometheus.yml
printf 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n' >alertmanager.yml
"$bellwether" monitor --listen 127.0.0.1:0 --web-config web.yml >monitor.out.log 2>monitor.err.log &
children+=("$!")
until_true 30 "the monitor serves" grep -qs "https://" monitor.out.log
url="$(sed -n 's|.* on \(https://[^,]*\),.*|\1|p' monitor.out.log)"

mkdir login
printf 'open sesame\n' >login/password
cp ca.pem login/ca.pem
printf 'basic_auth: {username: ann, password_file: password}\ntls_config: {ca_file: ca.pem}\n' >login/good.yml
login=(--url "$url" --http.config.file login/good.yml)

# With it, every command gets in.
expect_discreet 0 "2" "$bellwether" query instant '1 + 1' "${login[@]}"
expect_discreet 0 "" "$bellwether" query range '1 + 1' --format csv "${login[@]}"
expect_discreet 0 "" "$bellwether" query labels "${login[@]}"
expect_discreet 0 "taken" "$bellwether" alert add Drill severity=P2 "${login[@]}"
expect_discreet 0 "Drill" "$bellwether" alert query "${login[@]}"
expect_discreet 0 "" "$bellwether" alert acknowledge Drill --by ann "${login[@]}"
id="$("$bellwether" silence add Drill --comment known "${login[@]}")"
expect_discreet 0 "known" "$bellwether" silence query "${login[@]}"
expect_discreet 0 "" "$bellwether" silence expire "$id" "${login[@]}"
expect_discreet 0 "Drill" env BELLWETHER_HTTP_CONFIG_FILE=login/good.yml "$bellwether" alert query --all --url "$url"
printf 'groups: [{name: g, rules: [{record: a:b, expr: up}]}]\n' >rules.yml
expect_discreet 0 "1 rules" "$bellwether" rules check rules.yml "${login[@]}"

# Without it, or with another, it is said what to do.
expect_discreet 1 "ca_file" "$bellwether" alert query --url "$url"
printf 'tls_config: {ca_file: ca.pem}\n' >login/nobody.yml
expect_discreet 1 "refused with 401" "$bellwether" alert query --url "$url" --http.config.file login/nobody.yml
expect_discreet 1 "check basic_auth or authorization in login/nobody.yml" "$bellwether" query instant up --url "$url" --http.config.file login/nobody.yml
printf 'basic_auth: {username: ann, password: open sesame2}\ntls_config: {ca_file: ca.pem}\n' >login/wrong.yml
expect_discreet 1 "check basic_auth" "$bellwether" silence query --url "$url" --http.config.file login/wrong.yml
printf 'basic_auth: {username: ann, password_file: password}\n' >login/stranger.yml
expect_discreet 1 "check tls_config in login/stranger.yml" "$bellwether" query instant up --url "$url" --http.config.file login/stranger.yml
printf 'basic_auth: {username: ann, password_file: password}\ntls_config: {insecure_skip_verify: true}\n' >login/trusting.yml
expect_discreet 0 "Drill" "$bellwether" alert query --url "$url" --http.config.file login/trusting.yml
printf 'authorization: {credentials_file: password}\ntls_config: {ca_file: ca.pem}\n' >login/bearer.yml
expect_discreet 1 "refused with 401" "$bellwether" alert query --url "$url" --http.config.file login/bearer.yml
expect_discreet 1 "shell's history" "$bellwether" alert query --url "${url/:\/\//://ann:sesame@}"

# A file that is wrong says where.
expect_discreet 1 "gone.yml" "$bellwether" alert query --url "$url" --http.config.file gone.yml
printf 'basic_auth: {username: ann, pasword: open sesame}\n' >login/typo.yml
expect_discreet 1 "login/typo.yml:1:29" "$bellwether" alert query --url "$url" --http.config.file login/typo.yml
printf 'basic_auth: {username: ann, password_file: gone}\ntls_config: {ca_file: ca.pem}\n' >login/gone.yml
expect_discreet 1 "cannot read password_file login/gone" "$bellwether" query instant up --url "$url" --http.config.file login/gone.yml
printf 'basic_auth: [\n' >login/broken.yml
expect_discreet 1 "login/broken.yml:" "$bellwether" query instant up --url "$url" --http.config.file login/broken.yml

for command in "silence add" "silence query" "alert query" "alert add" "query instant" "query range" "rules check"; do
  # shellcheck disable=SC2086
  expect_discreet 0 "--http.config.file FILE" "$bellwether" $command --help
done
expect_discreet 0 "login.yml" "$bellwether" alert query --help
printf 'commands with a login: all as expected\n'
