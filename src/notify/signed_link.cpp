// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/signed_link.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t max_token = 8192;

// base64url without padding.
std::string encoded(std::string_view bytes) {
  std::string out;
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    pending = (pending << 8U) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += alphabet[(pending >> (bits - 6)) & 63U];
  }
  if (bits != 0) out += alphabet[(pending << (6 - bits)) & 63U];
  return out;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    pending = (pending << 6U) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>((pending >> bits) & 255U);
  }
  return out;
}

std::string_view name_of(LinkPurpose purpose) {
  return purpose == LinkPurpose::silence ? "silence" : "acknowledge";
}

std::string signature_of(const std::string& key, LinkPurpose purpose, std::string_view payload) {
  // The purpose is part of what is signed: a link for one never opens the other.
  std::string text = "bellwether link 1\n" + std::string(name_of(purpose)) + "\n" + std::string(payload);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

Error cannot(const std::string& doing, const std::string& path) {
  return {"cannot " + doing + " the key of signed links, " + path + ": " + std::strerror(errno)};  // NOLINT
}

Result<void> make_key_file(const std::string& path) {
  std::array<unsigned char, key_bytes> key{};
  // From the kernel: OpenSSL's own generator would load all of its algorithms, three megabytes, into a monitor without TLS.
  if (::getentropy(key.data(), key.size()) != 0) return Error{"the system gives no random bytes"};
  const std::string unfinished = path + ".new";
  const int file = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return cannot("make", path);
  const bool written = ::write(file, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!written || ::rename(unfinished.c_str(), path.c_str()) != 0) return cannot("write", path);
  return {};
}

}  // namespace

Result<LinkSigner> LinkSigner::with_key_file(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0) {
    if (Result<void> made = make_key_file(path); !made) return made.error();
  }
  std::ifstream file(path, std::ios::binary);
  std::string key{std::istreambuf_iterator<char>(file), {}};
  if (key.size() < key_bytes) {
    return Error{"the key of signed links, " + path +
                 ", cannot be read or is shorter than 32 bytes: remove it, and a new one is made"};
  }
  return LinkSigner(std::move(key));
}

std::string LinkSigner::sign(const LinkClaim& claim) const {
  const std::string payload = std::to_string(claim.expires_ms) + "." + claim.subject;
  return encoded(payload) + "." + encoded(signature_of(key_, claim.purpose, payload));
}

Result<LinkClaim> LinkSigner::check(std::string_view token, LinkPurpose purpose, std::int64_t now_ms) const {
  const Error not_ours{"this link is not from here, or it was cut: open it from the message again"};
  const std::size_t dot = token.find('.');
  if (token.size() > max_token || dot == std::string_view::npos) return not_ours;
  const std::optional<std::string> payload = decoded(token.substr(0, dot));
  const std::optional<std::string> signature = decoded(token.substr(dot + 1));
  if (!payload || !signature) return not_ours;
  const std::string expected = signature_of(key_, purpose, *payload);
  if (signature->size() != expected.size() || CRYPTO_memcmp(signature->data(), expected.data(), expected.size()) != 0) {
    return not_ours;
  }
  LinkClaim claim;
  claim.purpose = purpose;
  const std::size_t separator = payload->find('.');
  if (separator == std::string::npos) return not_ours;
  std::from_chars(payload->data(), payload->data() + separator, claim.expires_ms);
  claim.subject = payload->substr(separator + 1);
  if (claim.expires_ms <= now_ms) return Error{"this link has expired: use the monitor's page or command instead"};
  return claim;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
