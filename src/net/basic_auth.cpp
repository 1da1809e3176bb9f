// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/basic_auth.hpp"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

constexpr std::size_t bcrypt_password_bytes = 72;  // bcrypt looks at no more
constexpr std::size_t bcrypt_sum_size = 31;        // the last characters of a hash; before them stand cost and salt
constexpr std::size_t remembered_credentials = 128;

// A well-formed hash that no password has, as costly as the costliest of the real ones.
std::string hash_of_nobody(const std::map<std::string, std::string>& users) {
  std::string cost = "10";
  bool first = true;
  for (const auto& [user, hash] : users) {
    const std::string its_cost = hash.size() > 6 ? hash.substr(4, 2) : cost;
    cost = first ? its_cost : std::max(cost, its_cost);
    first = false;
  }
  return "$2b$" + cost + "$" + std::string(22, '.') + std::string(bcrypt_sum_size, '.');
}

bool starts_with_basic(std::string_view header) {
  constexpr std::string_view scheme = "basic ";
  return header.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), header.begin(),
                    [](char expected, char c) { return (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) == expected; });
}

std::optional<std::string> base64_decode(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t end = std::min(text.find('='), text.size());
  const std::size_t padding = text.size() - end;
  if (text.empty() || text.size() % 4 != 0 || padding > 2) return std::nullopt;
  if (text.substr(0, end).find_first_not_of(alphabet) != std::string_view::npos) return std::nullopt;
  if (text.substr(end).find_first_not_of('=') != std::string_view::npos) return std::nullopt;
  std::string decoded(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  decoded.resize(static_cast<std::size_t>(size) - padding);
  return decoded;
}

}  // namespace

std::optional<Credentials> parse_basic_authorization(std::string_view header) {
  if (!starts_with_basic(header)) return std::nullopt;
  header.remove_prefix(std::min(header.find_first_not_of(' ', 6), header.size()));
  auto decoded = base64_decode(header);
  if (!decoded) return std::nullopt;
  const std::size_t colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  Credentials credentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
  // crypt() ends at a NUL: "secret\0anything" would pass for "secret".
  if (credentials.password.find('\0') != std::string::npos) return std::nullopt;
  return credentials;
}

bool bcrypt_matches(const std::string& password, const std::string& hash) {
  if (hash.size() <= bcrypt_sum_size) return false;
  const auto data = std::make_unique<crypt_data>();
  std::string phrase = password.substr(0, bcrypt_password_bytes);
  const char* made = crypt_r(phrase.c_str(), hash.c_str(), data.get());
  bool same = false;
  if (made != nullptr && std::string_view(made).size() == hash.size()) {
    // The salt's last character has unused bits, which crypt() clears: only what follows it is compared.
    const std::size_t sum = hash.size() - bcrypt_sum_size;
    same = CRYPTO_memcmp(made + sum, hash.data() + sum, bcrypt_sum_size) == 0;
  }
  OPENSSL_cleanse(phrase.data(), phrase.size());
  OPENSSL_cleanse(data.get(), sizeof(crypt_data));
  return same;
}

BasicAuth::BasicAuth(std::map<std::string, std::string> users, std::size_t max_waiting)
    : users_(std::move(users)),
      hash_of_nobody_(hash_of_nobody(users_)),
      max_waiting_(max_waiting),
      passed_(remembered_credentials),
      thread_([this] { run(); }) {}

BasicAuth::~BasicAuth() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool BasicAuth::remembers(const Credentials& credentials) const {
  const std::lock_guard lock(mutex_);
  return passed_.contains(credentials.user, credentials.password);
}

bool BasicAuth::submit(Credentials credentials, Answer answer) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= max_waiting_) return false;
    waiting_.push_back({std::move(credentials), std::move(answer)});
  }
  wake_.notify_one();
  return true;
}

void BasicAuth::run() {
  while (true) {
    Check check;
    bool remembered = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      check = std::move(waiting_.front());
      waiting_.pop_front();
      // The same may have waited several times over, one connection each.
      remembered = passed_.contains(check.credentials.user, check.credentials.password);
    }
    const bool granted = remembered || verify(check.credentials);
    if (granted && !remembered) {
      const std::lock_guard lock(mutex_);
      passed_.insert(check.credentials.user, check.credentials.password);
    }
    OPENSSL_cleanse(check.credentials.password.data(), check.credentials.password.size());
    check.answer(granted);
  }
}

bool BasicAuth::verify(const Credentials& credentials) const {
  const auto user = users_.find(credentials.user);
  const bool exists = user != users_.end();
  const bool matches = bcrypt_matches(credentials.password, exists ? user->second : hash_of_nobody_);
  return exists && matches;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
