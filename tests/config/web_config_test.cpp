// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/web_config.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace bellwether::config {
namespace {

// Of no password that anybody uses.
const std::string good_hash = "$2y$10$" + std::string(22, 'a') + std::string(31, 'b');

WebConfig good(std::string_view text) {
  auto config = parse_web_config(text, "dir/web.yml");
  EXPECT_TRUE(config) << config.error().message;
  return config ? *config : WebConfig{};
}

std::string error_of(std::string_view text) {
  const auto config = parse_web_config(text, "web.yml");
  return config ? "no error" : config.error().message;
}

TEST(WebConfig, ReadsEverythingPrometheusDocuments) {
  const WebConfig config = good(R"(
tls_server_config:
  cert_file: server.pem
  key_file: /etc/keys/server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ../ca.pem
  min_version: TLS12
  max_version: TLS13
  cipher_suites:
    - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
  prefer_server_cipher_suites: false
  curve_preferences: [X25519, CurveP256]
http_server_config:
  http2: false
  headers:
    X-Frame-Options: deny
    Strict-Transport-Security: max-age=31536000
basic_auth_users:
  alice: )" + good_hash +
                                "\n  bob: " + good_hash + "\n");
  ASSERT_TRUE(config.tls);
  EXPECT_EQ(config.tls->cert_file, "dir/server.pem");
  EXPECT_EQ(config.tls->key_file, "/etc/keys/server.key");
  EXPECT_EQ(config.tls->client_ca_file, "ca.pem");
  EXPECT_EQ(config.tls->client_auth_type, ClientAuth::RequireAndVerifyClientCert);
  EXPECT_EQ(config.tls->min_version, TlsVersion::Tls12);
  EXPECT_EQ(config.tls->max_version, TlsVersion::Tls13);
  EXPECT_EQ(config.tls->cipher_suites, std::vector<std::string>{"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
  EXPECT_FALSE(config.tls->prefer_server_cipher_suites);
  EXPECT_EQ(config.tls->curve_preferences, (std::vector<std::string>{"X25519", "CurveP256"}));
  EXPECT_FALSE(config.http2);
  ASSERT_EQ(config.headers.size(), 2U);
  EXPECT_EQ(config.headers[0], (std::pair<std::string, std::string>{"X-Frame-Options", "deny"}));
  EXPECT_EQ(config.basic_auth_users.size(), 2U);
  EXPECT_EQ(config.basic_auth_users.at("alice"), good_hash);
}

TEST(WebConfig, IsPlainWithoutContent) {
  for (const char* text : {"", "tls_server_config:\n", "tls_server_config: {}\nbasic_auth_users:\n"}) {
    const WebConfig config = good(text);
    EXPECT_FALSE(config.tls);
    EXPECT_TRUE(config.http2);
    EXPECT_TRUE(config.basic_auth_users.empty());
  }
  const WebConfig config = good("tls_server_config: {cert_file: a, key_file: b}\n");
  EXPECT_EQ(config.tls->min_version, TlsVersion::Tls12);
  EXPECT_EQ(config.tls->client_auth_type, ClientAuth::NoClientCert);
  EXPECT_TRUE(config.tls->prefer_server_cipher_suites);
}

TEST(WebConfig, RefusesUnknownKeysByNameAndNamesTheNearest) {
  EXPECT_EQ(error_of("tls_server_config:\n  cert_flie: a\n"),
            "web.yml:2:3: unknown key \"cert_flie\" in tls_server_config: did you mean \"cert_file\"?");
  EXPECT_EQ(
      error_of("basic_auth_user:\n"),
      "web.yml:1:1: unknown key \"basic_auth_user\" in the web configuration: did you mean \"basic_auth_users\"?");
  EXPECT_EQ(error_of("rate_limits: 1\n"),
            "web.yml:1:1: unknown key \"rate_limits\" in the web configuration: remove it; known are "
            "tls_server_config, http_server_config, basic_auth_users");
  EXPECT_EQ(error_of("http_server_config:\n  http3: true\n"),
            "web.yml:2:3: unknown key \"http3\" in http_server_config: did you mean \"http2\"?");
  EXPECT_EQ(error_of("http_server_config:\n  headers:\n    X-Frame-Option: deny\n"),
            "web.yml:3:5: the header \"X-Frame-Option\" cannot be set here: did you mean \"X-Frame-Options\"?");
}

TEST(WebConfig, RefusesValuesOfTheWrongKind) {
  EXPECT_EQ(error_of("- a\n"), "web.yml:1:1: the web configuration must be a mapping, as in `key: value`");
  EXPECT_EQ(error_of("tls_server_config: yes\n"),
            "web.yml:1:20: tls_server_config must be a mapping, as in `key: value`");
  EXPECT_EQ(error_of("http_server_config:\n  http2: maybe\n"),
            "web.yml:2:10: http2 must be true or false, without quotes");
  EXPECT_EQ(error_of("tls_server_config:\n  cert_file: [a]\n"),
            "web.yml:2:14: cert_file must be a text, as in `name: value`");
  EXPECT_EQ(error_of("tls_server_config: {cert_file: a, key_file: b, cipher_suites: x}\n"),
            "web.yml:1:63: cipher_suites must be a list, as in `[first, second]`");
}

TEST(WebConfig, RefusesTlsThatCannotWork) {
  EXPECT_EQ(error_of("tls_server_config:\n  key_file: b\n"), "web.yml:2:3: tls_server_config needs cert_file: add it");
  EXPECT_EQ(error_of("tls_server_config:\n  cert_file: b\n"), "web.yml:2:3: tls_server_config needs key_file: add it");
  const std::string files = "tls_server_config:\n  cert_file: a\n  key_file: b\n";
  EXPECT_EQ(error_of(files + "  client_auth_type: Require\n"),
            "web.yml:4:21: client_auth_type is \"Require\", must be one of NoClientCert, RequestClientCert, "
            "RequireAnyClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert");
  EXPECT_EQ(error_of(files + "  client_auth_type: RequireAndVerifyClientCert\n"),
            "web.yml:4:21: this client_auth_type needs client_ca_file: add it");
  EXPECT_NE(error_of(files + "  client_ca_file: c\n").find("web.yml:4:19: client_ca_file has no effect"),
            std::string::npos);
  EXPECT_EQ(error_of(files + "  min_version: SSL3\n"),
            "web.yml:4:16: min_version is \"SSL3\", must be one of TLS10, TLS11, TLS12, TLS13");
  EXPECT_EQ(error_of(files + "  min_version: TLS13\n  max_version: TLS12\n"),
            "web.yml:5:16: max_version is below min_version: no client could connect; raise it");
  EXPECT_EQ(error_of(files + "  cipher_suites: [TLS_AES_128_GCM_SHA255]\n"),
            "web.yml:4:19: unknown entry \"TLS_AES_128_GCM_SHA255\" in cipher_suites: did you mean "
            "\"TLS_AES_128_GCM_SHA256\"?");
  EXPECT_EQ(error_of(files + "  curve_preferences:\n    - P256\n").substr(0, 12), "web.yml:5:7:");
}

TEST(WebConfig, RefusesABadHashWithoutShowingIt) {
  const auto users = [](const std::string& hash) { return error_of("basic_auth_users:\n  alice: \"" + hash + "\"\n"); };
  EXPECT_EQ(users(good_hash), "no error");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"hunter2", "is not a bcrypt hash"},
      {"", "is not a bcrypt hash"},
      {"$1$salt$qJH7.N4xYta3aEG/dfqo/0", "is not a bcrypt hash"},
      {good_hash.substr(0, 59), "a part missing or broken"},
      {good_hash + "b", "a part missing or broken"},
      {good_hash.substr(0, 59) + "!", "a part missing or broken"},
      {"$2y$03$" + good_hash.substr(7), "the bcrypt cost 3, below"},
      {"$2y$31$" + good_hash.substr(7), "the bcrypt cost 31, more than the 14"},
  };
  for (const auto& [hash, expected] : cases) {
    const std::string error = users(hash);
    EXPECT_EQ(error.find("web.yml:2:10: the password of user \"alice\" "), 0U) << error;
    EXPECT_NE(error.find(expected), std::string::npos) << error;
    EXPECT_TRUE(hash.empty() || error.find(hash) == std::string::npos) << error;
  }
  for (const std::string text :
       {"basic_auth_users: hunter2\n", "basic_auth_users: [hunter2]\n", "basic_auth_users:\n  alice: [hunter2]\n",
        "basic_auth_users:\n  alice: !x hunter2\n", "basic_auth_users:\n  alice: &x hunter2 y: z\n",
        "basic_auth_users:\n  alice: \"hunter2\n"}) {
    const std::string error = error_of(text);
    EXPECT_EQ(error.find("web.yml:"), 0U) << error;
    EXPECT_EQ(error.find("hunter2"), std::string::npos) << error;
  }
  EXPECT_NE(error_of("basic_auth_users:\n  \"a:b\": x\n").find("web.yml:2:3: a user name must not"), std::string::npos);
}

TEST(WebConfig, RefusesHeadersThatWouldSplitTheResponse) {
  EXPECT_NE(error_of("http_server_config:\n  headers:\n    X-Frame-Options: \"a\\r\\nSet-Cookie: b\"\n")
                .find("web.yml:3:22: X-Frame-Options holds a line break"),
            std::string::npos);
}

TEST(WebConfig, ReadsAFileAndTakesPathsRelativeToIt) {
  const auto folder = std::filesystem::temp_directory_path() / ("bellwether-web-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "web.yml").string();
  std::ofstream(path) << "tls_server_config: {cert_file: s.pem, key_file: s.key}\n";
  const auto config = load_web_config(path);
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->tls->cert_file, (folder / "s.pem").string());
  EXPECT_EQ(load_web_config(path).error().message,
            path + ": cannot read the file: No such file or directory; check the path and its permissions");
}

}  // namespace
}  // namespace bellwether::config
