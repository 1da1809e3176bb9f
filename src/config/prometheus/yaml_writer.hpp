// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// Writes YAML as Prometheus lays it out: two spaces, lists at the depth of their key, quotes where they are needed.
///
///     writer.open("global");
///     writer.text("scrape_interval", "1s");
///     writer.close();
///
/// Threads: one.
class YamlWriter {
 public:
  void open(std::string_view key);
  void close() noexcept { --depth_; }
  /// The next key begins an element of the list that was opened last.
  void begin_item() noexcept { item_ = true; }

  void text(std::string_view key, std::string_view value);
  /// A number, a truth, a duration: without quotes.
  void plain(std::string_view key, std::string_view value);
  void boolean(std::string_view key, bool value) { plain(key, value ? "true" : "false"); }
  void count(std::string_view key, std::uint64_t value) { plain(key, std::to_string(value)); }
  void entry(std::string_view value);
  void empty_mapping(std::string_view key) { plain(key, "{}"); }

  const std::string& written() const noexcept { return out_; }

 private:
  void begin_line();

  std::string out_;
  int depth_ = 0;
  bool item_ = false;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
