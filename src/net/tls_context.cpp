// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

namespace ssl = boost::asio::ssl;
using config::ClientAuth;
using config::TlsServerConfig;
using config::TlsVersion;

// The oldest entry of OpenSSL's queue is the cause; the queue is per thread and must not leak into a later call.
std::string openssl_reason() {
  std::array<char, 256> text{};
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "unknown reason";
  if (const char* reason = ERR_reason_error_string(code)) return reason;
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

Result<void> check_readable(std::string_view what, const std::string& path) {
  if (std::ifstream(path).good()) return {};
  return Error{"TLS: cannot read the " + std::string(what) + " " + path + ": check the path and its permissions"};
}

Error broken(std::string_view what, const std::string& path) {
  return {"TLS: cannot use the " + std::string(what) + " " + path + ": " + openssl_reason()};
}

int openssl_version(TlsVersion version) {
  switch (version) {
    case TlsVersion::Tls10:
      return TLS1_VERSION;
    case TlsVersion::Tls11:
      return TLS1_1_VERSION;
    case TlsVersion::Tls12:
      return TLS1_2_VERSION;
    case TlsVersion::Tls13:
      return TLS1_3_VERSION;
  }
  return TLS1_2_VERSION;
}

Result<void> load_certificate(SSL_CTX* context, const TlsServerConfig& config) {
  if (auto readable = check_readable("certificate", config.cert_file); !readable) return readable;
  if (auto readable = check_readable("key", config.key_file); !readable) return readable;
  // Without this OpenSSL asks the terminal for the password of an encrypted key.
  SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return -1; });
  if (SSL_CTX_use_certificate_chain_file(context, config.cert_file.c_str()) != 1) {
    return broken("certificate", config.cert_file);
  }
  if (SSL_CTX_use_PrivateKey_file(context, config.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    Error error = broken("key", config.key_file);
    error.message += "; it must be the key of " + config.cert_file + ", in PEM and not encrypted";
    return error;
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    return Error{"TLS: the key " + config.key_file + " does not belong to the certificate " + config.cert_file};
  }
  return {};
}

Result<void> set_client_auth(SSL_CTX* context, const TlsServerConfig& config) {
  const auto accept_any = [](int, X509_STORE_CTX*) { return 1; };
  switch (config.client_auth_type) {
    case ClientAuth::NoClientCert:
      SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
      return {};
    case ClientAuth::RequestClientCert:
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER, accept_any);
      return {};
    case ClientAuth::RequireAnyClientCert:
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
      return {};
    case ClientAuth::VerifyClientCertIfGiven:
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
      break;
    case ClientAuth::RequireAndVerifyClientCert:
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
      break;
  }
  const std::string& path = config.client_ca_file;
  if (auto readable = check_readable("clients' authority", path); !readable) return readable;
  if (SSL_CTX_load_verify_locations(context, path.c_str(), nullptr) != 1) return broken("clients' authority", path);
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(path.c_str());
  if (names == nullptr) return broken("clients' authority", path);
  SSL_CTX_set_client_CA_list(context, names);  // takes the list over
  return {};
}

// OpenSSL knows the suites by names of its own; those of TLS 1.3 are always on, as they are in Prometheus.
Result<void> set_ciphers(SSL_CTX* context, const TlsServerConfig& config) {
  if (config.prefer_server_cipher_suites) SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
  std::string list;
  for (const std::string& name : config.cipher_suites) {
    const std::string_view tls13[] = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                                      "TLS_CHACHA20_POLY1305_SHA256"};
    if (std::find(std::begin(tls13), std::end(tls13), name) != std::end(tls13)) continue;
    const char* known = OPENSSL_cipher_name(name.c_str());
    if (known == nullptr || std::string_view(known) == "(NONE)") {
      return Error{"TLS: this OpenSSL does not know the cipher suite " + name + ": remove it from cipher_suites"};
    }
    if (!list.empty()) list += ':';
    list += known;
  }
  if (!list.empty() && SSL_CTX_set_cipher_list(context, list.c_str()) != 1) {
    return Error{"TLS: none of the cipher_suites can be used: " + openssl_reason()};
  }
  return {};
}

Result<void> set_curves(SSL_CTX* context, const TlsServerConfig& config) {
  std::string list;
  for (const std::string& name : config.curve_preferences) {
    if (!list.empty()) list += ':';
    if (name == "CurveP256") {
      list += "P-256";
    } else if (name == "CurveP384") {
      list += "P-384";
    } else if (name == "CurveP521") {
      list += "P-521";
    } else {
      list += name;
    }
  }
  if (!list.empty() && SSL_CTX_set1_groups_list(context, list.c_str()) != 1) {
    return Error{"TLS: this OpenSSL does not know all of curve_preferences: " + openssl_reason()};
  }
  return {};
}

// A client that would rather speak HTTP/2 learns here that we speak 1.1.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void*) {
  constexpr std::string_view ours = "http/1.1";
  for (unsigned int at = 0; at < in_size; at += in[at] + 1U) {
    const std::string_view offered(reinterpret_cast<const char*>(in + at + 1), in[at]);
    if (offered != ours) continue;
    *out = in + at + 1;
    *out_size = in[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

Result<void> configure(SSL_CTX* context, const TlsServerConfig& config) {
  ERR_clear_error();
  // OpenSSL refuses TLS 1.0 and 1.1 at its usual level of security; who asks for them gets them.
  if (config.min_version < TlsVersion::Tls12) SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, openssl_version(config.min_version));
  SSL_CTX_set_max_proto_version(context, openssl_version(config.max_version));
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  // Sessions of clients that show a certificate can only be resumed under a name.
  constexpr std::string_view session_name = "bellwether";
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(session_name.data()),
                                 static_cast<unsigned int>(session_name.size()));
  using Step = Result<void> (*)(SSL_CTX*, const TlsServerConfig&);
  for (const Step step : {Step{load_certificate}, Step{set_client_auth}, Step{set_ciphers}, Step{set_curves}}) {
    if (auto done = step(context, config); !done) return done;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<ssl::context>> make_tls_context(const TlsServerConfig& config) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  if (auto done = configure(context->native_handle(), config); !done) return done.error();
  return context;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
