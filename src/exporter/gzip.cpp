// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exporter/gzip.hpp"

#include <libdeflate.h>

#include <charconv>
#include <memory>

BELLWETHER_NAMESPACE_BEGIN
namespace exporter {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const auto comma = accept_encoding.find(',');
    const std::string_view choice = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(comma == std::string_view::npos ? accept_encoding.size() : comma + 1);

    const auto semicolon = choice.find(';');
    if (trimmed(choice.substr(0, semicolon)) != "gzip") continue;
    if (semicolon == std::string_view::npos) return true;
    std::string_view parameter = trimmed(choice.substr(semicolon + 1));
    if (!parameter.starts_with("q=")) return true;
    parameter.remove_prefix(2);
    double quality = 1;
    std::from_chars(parameter.data(), parameter.data() + parameter.size(), quality);
    return quality > 0;
  }
  return false;
}

Result<std::string> gzip(std::string_view text) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(1), libdeflate_free_compressor);
  if (!compressor) return Error{"no memory to compress with"};
  std::string compressed(libdeflate_gzip_compress_bound(compressor.get(), text.size()), '\0');
  const std::size_t size =
      libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), compressed.data(), compressed.size());
  if (size == 0) return Error{"cannot compress " + std::to_string(text.size()) + " bytes"};
  compressed.resize(size);
  return compressed;
}

}  // namespace exporter
BELLWETHER_NAMESPACE_END
