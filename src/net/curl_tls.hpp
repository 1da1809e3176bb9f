// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>
#include <bellwether/version.hpp>
#include <string>
#include <string_view>

#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// The bits of CURLOPT_SSLVERSION.
inline long curl_tls_versions(const HttpTls& tls) {
  constexpr long least[] = {CURL_SSLVERSION_TLSv1_0, CURL_SSLVERSION_TLSv1_1, CURL_SSLVERSION_TLSv1_2,
                            CURL_SSLVERSION_TLSv1_3};
  constexpr long greatest[] = {CURL_SSLVERSION_MAX_TLSv1_0, CURL_SSLVERSION_MAX_TLSv1_1, CURL_SSLVERSION_MAX_TLSv1_2,
                               CURL_SSLVERSION_MAX_TLSv1_3};
  const config::TlsVersion most = tls.max_version.value_or(config::TlsVersion::Tls13);
  const config::TlsVersion wanted = tls.min_version.value_or(config::TlsVersion::Tls12);
  // Who names only a greatest version below ours wants that one.
  const config::TlsVersion lower = most < wanted ? most : wanted;
  return least[static_cast<std::size_t>(lower)] | (tls.max_version ? greatest[static_cast<std::size_t>(most)] : 0L);
}

/// Tells libcurl whom to believe and what to show: all of `tls` but its `server_name`. `set(option, value)` is called for each
/// option; libcurl copies what it is given.
template <typename Set>
void set_curl_tls(const HttpTls& tls, Set set) {
  const auto text = [&set](CURLoption option, const std::string& value) {
    if (!value.empty()) set(option, value.c_str());
  };
  const auto pem = [&set](CURLoption option, const std::string& value) {
    if (value.empty()) return;
    curl_blob blob{const_cast<char*>(value.data()), value.size(), CURL_BLOB_COPY};  // NOLINT: libcurl only reads it
    set(option, &blob);
  };
  const long versions = curl_tls_versions(tls);
  set(CURLOPT_SSLVERSION, versions);
  // OpenSSL 3 has no cipher for TLS 1.1 unless it is asked; short keys and SHA-1 pass with it.
  if ((versions & 0xffff) < CURL_SSLVERSION_TLSv1_2) set(CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0");
  if (!tls.ca_file.empty() || !tls.ca.empty()) {
    // Whoever names an authority believes it alone: Debian's libcurl would take the machine's beside it.
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
#if LIBCURL_VERSION_NUM >= 0x075700
    set(CURLOPT_CA_CACHE_TIMEOUT, 0L);  // else a file that changed would be seen a day later
#endif
  }
  text(CURLOPT_CAINFO, tls.ca_file);
  text(CURLOPT_SSLCERT, tls.cert_file);
  text(CURLOPT_SSLKEY, tls.key_file);
  pem(CURLOPT_CAINFO_BLOB, tls.ca);
  pem(CURLOPT_SSLCERT_BLOB, tls.cert);
  pem(CURLOPT_SSLKEY_BLOB, tls.key);
  set(CURLOPT_SSL_VERIFYPEER, tls.skip_verify ? 0L : 1L);
  set(CURLOPT_SSL_VERIFYHOST, tls.skip_verify ? 0L : 2L);
}

}  // namespace net
BELLWETHER_NAMESPACE_END
