// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/credential_cache.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <bellwether/result.hpp>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

CredentialCache::CredentialCache(std::size_t capacity) : capacity_(capacity), key_() {
  if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1) {
    throw Exception(Error{"basic authentication: the system gives no random numbers"});
  }
}

CredentialCache::Sum CredentialCache::sum(std::string_view user, std::string_view password) const {
  // The length keeps "ab"+"c" and "a"+"bc" apart.
  std::string text = std::to_string(user.size()) + ':';
  text += user;
  text += password;
  Sum result{};
  unsigned int size = result.size();
  if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), result.data(), &size) == nullptr) {
    throw Exception(Error{"basic authentication: OpenSSL cannot compute SHA-256"});
  }
  OPENSSL_cleanse(text.data(), text.size());
  return result;
}

bool CredentialCache::contains(const Sum& wanted) const {
  bool found = false;
  for (const Sum& sum : sums_) {
    if (CRYPTO_memcmp(sum.data(), wanted.data(), wanted.size()) == 0) found = true;
  }
  return found;
}

bool CredentialCache::contains(std::string_view user, std::string_view password) const {
  return !sums_.empty() && contains(sum(user, password));
}

void CredentialCache::insert(std::string_view user, std::string_view password) {
  const Sum fresh = sum(user, password);
  if (contains(fresh)) return;
  if (sums_.size() >= capacity_) sums_.pop_front();
  sums_.push_back(fresh);
}

}  // namespace net
BELLWETHER_NAMESPACE_END
