// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "net/credential_cache.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

struct Credentials {
  std::string user;
  std::string password;
};

/// Those of an `Authorization: Basic ...` header; nothing when it is another scheme or broken.
std::optional<Credentials> parse_basic_authorization(std::string_view header);

/// Whether `password` has the bcrypt hash. Takes as long as the hash's cost says. Compares in constant time.
bool bcrypt_matches(const std::string& password, const std::string& hash);

/// Checks names and passwords against bcrypt hashes on a thread of its own.
/// A name that does not exist takes as long as one that does.
///
/// Threads: any. `submit` never blocks. Destruction waits for the one check that is under way and drops the rest,
/// whose answers are then destroyed uncalled.
class BasicAuth {
 public:
  /// Called on the checking thread.
  using Answer = std::function<void(bool granted)>;

  BasicAuth(std::map<std::string, std::string> users, std::size_t max_waiting);
  ~BasicAuth();
  BasicAuth(const BasicAuth&) = delete;
  BasicAuth& operator=(const BasicAuth&) = delete;

  /// True when exactly these have passed before: no bcrypt is needed.
  bool remembers(const Credentials& credentials) const;

  /// Checks later; false when `max_waiting` wait already, `answer` is then not called.
  bool submit(Credentials credentials, Answer answer);

  /// For pinning it.
  std::thread::native_handle_type native_handle() { return thread_.native_handle(); }

 private:
  struct Check {
    Credentials credentials;
    Answer answer;
  };

  void run();
  bool verify(const Credentials& credentials) const;

  const std::map<std::string, std::string> users_;
  const std::string hash_of_nobody_;
  const std::size_t max_waiting_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Check> waiting_;
  CredentialCache passed_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace net
BELLWETHER_NAMESPACE_END
