// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/web_config.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "config/yaml_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

namespace {

// The suites and curves that Prometheus's documentation names.
const std::vector<std::string_view> cipher_suite_names{
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
};
const std::vector<std::string_view> curve_names{"CurveP256", "CurveP384", "CurveP521", "X25519"};
const std::vector<std::string_view> version_names{"TLS10", "TLS11", "TLS12", "TLS13"};
const std::vector<std::string_view> client_auth_names{"NoClientCert", "RequestClientCert", "RequireAnyClientCert",
                                                      "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"};
// Prometheus lets these be set and no other.
const std::vector<std::string_view> header_names{"Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options",
                                                 "X-XSS-Protection", "Strict-Transport-Security"};

bool is_known(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> read_names(const YamlMapReader& map, std::string_view key,
                                    const std::vector<std::string_view>& known) {
  std::vector<std::string> names = map.texts(key);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (is_known(known, names[i])) continue;
    std::string message = "unknown entry \"" + names[i] + "\" in " + std::string(key);
    if (const std::string_view near = nearest_word(names[i], known); !near.empty()) {
      message += ": did you mean \"" + std::string(near) + "\"?";
    } else {
      message += ": remove it, or see the TLS section of Prometheus's documentation for the names";
    }
    throw Exception(map.find(key)->items()[i].error(message));
  }
  return names;
}

std::string beside(const std::string& path, const std::filesystem::path& folder) {
  return path.empty() ? path : (folder / path).lexically_normal().string();
}

void check_client_auth(const TlsServerConfig& tls, const YamlMapReader& map, const YamlNode& node) {
  const bool verifies = tls.client_auth_type == ClientAuth::VerifyClientCertIfGiven ||
                        tls.client_auth_type == ClientAuth::RequireAndVerifyClientCert;
  if (verifies && tls.client_ca_file.empty()) {
    const YamlNode* type = map.find("client_auth_type");
    throw Exception((type != nullptr ? *type : node).error("this client_auth_type needs client_ca_file: add it"));
  }
  if (!tls.client_ca_file.empty() && tls.client_auth_type == ClientAuth::NoClientCert) {
    throw Exception(map.find("client_ca_file")
                        ->error("client_ca_file has no effect without client_auth_type: set it to "
                                "RequireAndVerifyClientCert, or remove client_ca_file"));
  }
}

std::optional<TlsServerConfig> read_tls(const YamlNode& node, const std::filesystem::path& folder) {
  const YamlMapReader map(node, "tls_server_config",
                          {"cert_file", "key_file", "client_auth_type", "client_ca_file", "min_version", "max_version",
                           "cipher_suites", "prefer_server_cipher_suites", "curve_preferences"});
  if (node.items().empty()) return std::nullopt;
  TlsServerConfig tls;
  tls.cert_file = beside(map.text("cert_file", ""), folder);
  tls.key_file = beside(map.text("key_file", ""), folder);
  if (tls.cert_file.empty()) throw Exception(node.error("tls_server_config needs cert_file: add it"));
  if (tls.key_file.empty()) throw Exception(node.error("tls_server_config needs key_file: add it"));
  tls.client_auth_type = static_cast<ClientAuth>(map.choice("client_auth_type", client_auth_names, 0));
  tls.client_ca_file = beside(map.text("client_ca_file", ""), folder);
  check_client_auth(tls, map, node);
  tls.min_version = static_cast<TlsVersion>(map.choice("min_version", version_names, 2));
  tls.max_version = static_cast<TlsVersion>(map.choice("max_version", version_names, 3));
  if (tls.max_version < tls.min_version) {
    const YamlNode* version = map.find("max_version");
    throw Exception(version->error("max_version is below min_version: no client could connect; raise it"));
  }
  tls.cipher_suites = read_names(map, "cipher_suites", cipher_suite_names);
  tls.prefer_server_cipher_suites = map.boolean("prefer_server_cipher_suites", true);
  tls.curve_preferences = read_names(map, "curve_preferences", curve_names);
  return tls;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

void read_http(const YamlNode& node, WebConfig& config) {
  const YamlMapReader map(node, "http_server_config", {"http2", "headers"});
  config.http2 = map.boolean("http2", true);
  const YamlNode* headers = map.find("headers");
  if (headers == nullptr) return;
  if (headers->kind() != YamlNode::Kind::Mapping) {
    throw Exception(headers->error("headers must be a mapping, as in `X-Frame-Options: deny`"));
  }
  for (const YamlNode& item : headers->items()) {
    if (!is_known(header_names, item.key())) {
      std::string message = "the header \"" + item.key() + "\" cannot be set here";
      const std::string_view near = nearest_word(item.key(), header_names);
      message += near.empty() ? std::string(": remove it") : ": did you mean \"" + std::string(near) + "\"?";
      throw Exception(item.key_error(message));
    }
    if (item.is_null()) continue;
    const std::string& value = yaml_text(item, item.key());
    if (has_control_character(value)) {
      throw Exception(item.error(item.key() + " holds a line break or control character: write it on one line"));
    }
    if (!value.empty()) config.headers.emplace_back(item.key(), value);
  }
}

// Nothing of a value may reach an error's text here: it is a hash, or a password someone forgot to hash.
void read_users(const YamlNode& node, WebConfig& config) {
  if (node.is_null()) return;
  if (node.kind() != YamlNode::Kind::Mapping) {
    throw Exception(node.error("basic_auth_users must be a mapping of user names to bcrypt hashes"));
  }
  for (const YamlNode& item : node.items()) {
    if (item.key().empty() || item.key().find(':') != std::string::npos || has_control_character(item.key())) {
      throw Exception(item.key_error("a user name must not be empty and must not hold ':' or a control character"));
    }
    const std::string user = "the password of user \"" + item.key() + "\"";
    if (item.kind() != YamlNode::Kind::Scalar) throw Exception(item.key_error(user + " must be a bcrypt hash"));
    if (const auto fault = bcrypt_hash_fault(item.text())) throw Exception(item.error(user + " " + *fault));
    config.basic_auth_users.emplace(item.key(), item.text());
  }
}

WebConfig read(const YamlNode& root, const std::filesystem::path& folder) {
  const YamlMapReader map(root, "the web configuration",
                          {"tls_server_config", "http_server_config", "basic_auth_users"});
  WebConfig config;
  if (const YamlNode* node = map.find("tls_server_config")) config.tls = read_tls(*node, folder);
  if (const YamlNode* node = map.find("http_server_config")) read_http(*node, config);
  if (const YamlNode* node = map.find("basic_auth_users")) read_users(*node, config);
  return config;
}

Result<WebConfig> read(const Result<YamlNode>& root, const std::string& name) {
  if (!root) return root.error();
  try {
    return read(*root, std::filesystem::path(name).parent_path());
  } catch (const Exception& problem) {
    return Error{problem.what()};
  }
}

}  // namespace

std::optional<std::string> bcrypt_hash_fault(std::string_view hash) {
  constexpr std::size_t length = 60;  // $2b$10$ and 53 characters of salt and hash
  const std::string_view advice = "; make one with `htpasswd -nBC 10 \"\" | tr -d ':\\n'`";
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_base64 = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/';
  };
  const bool has_prefix = hash.size() >= 7 && hash.substr(0, 2) == "$2" &&
                          (hash[2] == 'a' || hash[2] == 'b' || hash[2] == 'y') && hash[3] == '$' && is_digit(hash[4]) &&
                          is_digit(hash[5]) && hash[6] == '$';
  if (!has_prefix) return "is not a bcrypt hash" + std::string(advice);
  if (hash.size() != length || !std::all_of(hash.begin() + 7, hash.end(), is_base64)) {
    return "is a bcrypt hash with a part missing or broken" + std::string(advice);
  }
  const int cost = (hash[4] - '0') * 10 + (hash[5] - '0');
  if (cost < 4)
    return "has the bcrypt cost " + std::to_string(cost) + ", below the least possible, 4" + std::string(advice);
  if (cost > max_bcrypt_cost) {
    return "has the bcrypt cost " + std::to_string(cost) + ", more than the " + std::to_string(max_bcrypt_cost) +
           " a server can check in a second" + std::string(advice);
  }
  return std::nullopt;
}

Result<WebConfig> load_web_config(const std::string& path) {
  return read(load_yaml(path), path);
}

Result<WebConfig> parse_web_config(std::string_view text, const std::string& name) {
  return read(parse_yaml(text, name), name);
}

}  // namespace config
BELLWETHER_NAMESPACE_END
