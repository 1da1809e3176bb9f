// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/prometheus/discovery_config.hpp"
#include "config/prometheus/scrape_config.hpp"
#include "config/yaml_document.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// What goes with the reading of one file: where relative paths begin, and everything found wrong so far.
class ReadContext {
 public:
  explicit ReadContext(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void wrong(const YamlNode& node, std::string_view message) { add(node.position(), node.error(message)); }
  void wrong_key(const YamlNode& node, std::string_view message) { add(node.key_position(), node.key_error(message)); }
  /// At a place that no node begins at. `text` is the whole error, `file:line:column: …`.
  void wrong_at(YamlPosition position, std::string text) { errors_.emplace_back(position, std::move(text)); }

  /// In the file's order.
  std::vector<std::string> take_errors();
  std::size_t error_count() const noexcept { return errors_.size(); }

  /// As we open it.
  std::string beside(const std::string& path) const;

  NameValidation validation = NameValidation::utf8;  ///< of the label names read now

 private:
  void add(YamlPosition position, const Error& error) { errors_.emplace_back(position, error.message); }

  std::filesystem::path folder_;
  std::vector<std::pair<YamlPosition, std::string>> errors_;
};

/// Typed reading of one mapping that goes on after an error: each is noted in the context, and the value stays as it was.
/// The keys asked for are the known ones: `finish` refuses all others by name.
///
///     SectionReader section(node, "global", context);
///     section.duration("scrape_interval", global.scrape_interval);
///     section.refuse("query_log_file", "queries are not logged: remove it");
///     section.finish();
///
/// Each reading call says whether a value was there and could be read. A key with an empty value counts as missing.
class SectionReader {
 public:
  /// `what` names the section in errors.
  SectionReader(const YamlNode& node, std::string what, ReadContext& context);

  const YamlNode* find(std::string_view key);
  bool text(std::string_view key, std::string& into);
  bool secret(std::string_view key, Secret& into);
  bool path(std::string_view key, std::string& into);
  bool boolean(std::string_view key, bool& into);
  bool duration(std::string_view key, std::chrono::milliseconds& into);
  bool byte_size(std::string_view key, std::uint64_t& into);
  bool count(std::string_view key, std::uint64_t& into);
  bool number(std::string_view key, double& into);
  bool texts(std::string_view key, std::vector<std::string>& into);
  bool labels(std::string_view key, Labels& into);
  /// The position in `choices`.
  std::optional<std::size_t> choice(std::string_view key, std::span<const std::string_view> choices);

  /// Calls for each element of the list, or each value of the mapping, under the key.
  void each(std::string_view key, const std::function<void(const YamlNode&)>& read);
  void each_entry(std::string_view key, const std::function<void(const YamlNode&)>& read);

  /// A key that Prometheus knows and we do not: why not, and what to do.
  void refuse(std::string_view key, std::string_view advice);
  /// At the key's value, or where there is none at the section.
  void wrong(std::string_view key, std::string_view message);
  void finish();

  ReadContext& context() noexcept { return context_; }
  const YamlNode& node() const noexcept { return node_; }

 private:
  const std::string* scalar(std::string_view key, const YamlNode*& node);

  const YamlNode& node_;
  std::string what_;
  ReadContext& context_;
  bool usable_;
  std::vector<std::string_view> known_;
};

/// Prometheus 3 takes any UTF-8; `legacy` letters, digits and _.
bool is_label_name(std::string_view name, NameValidation validation);
bool is_utf8_text(std::string_view text);

template <typename Enum, std::size_t count>
std::vector<std::string_view> names_of_first() {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(name_of(static_cast<Enum>(i)));
  return names;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
