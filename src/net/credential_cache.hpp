// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <deque>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// Remembers which credentials have passed, since bcrypt takes tens of milliseconds and a scraper asks every second.
/// It keeps keyed SHA-256 sums under a key that is drawn anew for each cache, never a password; failures are not
/// kept, so nobody can push the good ones out with bad ones.
///
/// Threads: one. Memory: 32 bytes an entry; the oldest leaves first.
class CredentialCache {
 public:
  explicit CredentialCache(std::size_t capacity);

  bool contains(std::string_view user, std::string_view password) const;
  void insert(std::string_view user, std::string_view password);
  std::size_t size() const noexcept { return sums_.size(); }

 private:
  using Sum = std::array<unsigned char, 32>;
  Sum sum(std::string_view user, std::string_view password) const;
  bool contains(const Sum& wanted) const;

  std::size_t capacity_;
  std::array<unsigned char, 32> key_;
  std::deque<Sum> sums_;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
