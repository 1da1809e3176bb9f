// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/relabel_values.hpp"

#include <locale.h>  // NOLINT(modernize-deprecated-headers): newlocale, which <clocale> does not promise
#include <openssl/evp.h>
#include <clocale>
#include <cwctype>

#include <array>
#include <bellwether/result.hpp>

#include "exposition/utf8.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

// Made once and kept: case of all scripts, whatever locale the process runs in.
locale_t unicode() {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

void append_utf8(char32_t point, std::string& out) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | ((point >> shift) & 0x3fU)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0U | (point >> 6U));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0U | (point >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0U | (point >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

// Takes one character off well-formed text.
char32_t next_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t point = size == 1 ? lead : lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) point = (point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3fU);
  text.remove_prefix(size);
  return point;
}

template <typename Ascii, typename Wide>
void append_mapped(std::string_view text, std::string& out, Ascii ascii, Wide wide) {
  const bool mapped = unicode() != nullptr && exposition::is_utf8(text);
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < 0x80 || !mapped) {
      out += ascii(text[0]);
      text.remove_prefix(1);
    } else {
      append_utf8(static_cast<char32_t>(wide(static_cast<wint_t>(next_point(text)), unicode())), out);
    }
  }
}

}  // namespace

std::uint64_t md5_tail(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr) != 1 || size != 16) {
    throw Exception(Error{"OpenSSL refuses MD5 (FIPS mode?): hashmod cannot be computed as Prometheus does"});
  }
  std::uint64_t tail = 0;
  for (std::size_t i = 8; i < 16; ++i) tail = (tail << 8U) | digest[i];
  return tail;
}

void append_lower(std::string_view utf8, std::string& out) {
  append_mapped(
      utf8, out, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }, ::towlower_l);
}

void append_upper(std::string_view utf8, std::string& out) {
  append_mapped(
      utf8, out, [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }, ::towupper_l);
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
