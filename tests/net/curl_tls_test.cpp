// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/curl_tls.hpp"

#include <gtest/gtest.h>

#include <map>
#include <type_traits>

namespace bellwether::net {
namespace {

/// What libcurl would be told, as text.
std::map<CURLoption, std::string> told(const HttpTls& tls) {
  std::map<CURLoption, std::string> out;
  set_curl_tls(tls, [&out](CURLoption option, auto value) {
    if constexpr (std::is_same_v<decltype(value), const char*>) {
      out[option] = value == nullptr ? "none" : value;
    } else if constexpr (std::is_same_v<decltype(value), curl_blob*>) {
      out[option] = std::string(static_cast<const char*>(value->data), value->len);
    } else {
      out[option] = std::to_string(value);
    }
  });
  return out;
}

TEST(CurlTls, AnAuthorityOfOnesOwnIsBelievedAlone) {
  for (const HttpTls& tls : {HttpTls{.ca_file = "ca.pem"}, HttpTls{.ca = "pem"}}) {
    const auto options = told(tls);
    ASSERT_TRUE(options.contains(CURLOPT_CAPATH)) << "Debian's libcurl looks into /etc/ssl/certs else";
    EXPECT_EQ(options.at(CURLOPT_CAPATH), "none");
    EXPECT_EQ(options.at(CURLOPT_SSL_VERIFYPEER), "1");
    EXPECT_EQ(options.at(CURLOPT_SSL_VERIFYHOST), "2");
  }
  EXPECT_FALSE(told({}).contains(CURLOPT_CAPATH)) << "the machine's authorities";
}

TEST(CurlTls, OnlyWhoAsksForOldVersionsGetsOldCiphers) {
  EXPECT_FALSE(told({}).contains(CURLOPT_SSL_CIPHER_LIST));
  EXPECT_FALSE(told({.min_version = config::TlsVersion::Tls13}).contains(CURLOPT_SSL_CIPHER_LIST));
  EXPECT_TRUE(told({.min_version = config::TlsVersion::Tls10}).contains(CURLOPT_SSL_CIPHER_LIST));
}

}  // namespace
}  // namespace bellwether::net
