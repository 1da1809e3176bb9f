// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/section_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/duration.hpp"
#include "config/prometheus/byte_size.hpp"
#include "config/yaml_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

std::string words(std::string_view first, std::string_view second) {
  return std::string(first) + std::string(second);
}

std::string joined(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

}  // namespace

bool is_utf8_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t size = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
    if (size == 0 || at + size > text.size()) return false;
    std::uint32_t point = size == 1 ? lead : lead & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      if ((next & 0xc0U) != 0x80U) return false;
      point = (point << 6U) | (next & 0x3fU);
    }
    const bool overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
    if (overlong || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
    at += size;
  }
  return true;
}

bool is_label_name(std::string_view name, NameValidation validation) {
  if (name.empty()) return false;
  if (validation == NameValidation::utf8) return is_utf8_text(name);
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return is_letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::vector<std::string> ReadContext::take_errors() {
  std::stable_sort(errors_.begin(), errors_.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.line, a.first.column) < std::pair(b.first.line, b.first.column);
  });
  std::vector<std::string> errors;
  for (auto& [position, text] : errors_) errors.push_back(std::move(text));
  errors_.clear();
  return errors;
}

std::string ReadContext::beside(const std::string& path) const {
  if (path.empty() || path.front() == '/' || folder_.empty()) return path;
  return (folder_ / path).lexically_normal().string();
}

SectionReader::SectionReader(const YamlNode& node, std::string what, ReadContext& context)
    : node_(node), what_(std::move(what)), context_(context), usable_(node.kind() == YamlNode::Kind::Mapping) {
  if (!usable_ && !node.is_null()) context_.wrong(node, what_ + " must be a mapping, as in `key: value`");
}

const YamlNode* SectionReader::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  const YamlNode* const node = usable_ ? node_.find(key) : nullptr;
  return node == nullptr || node->is_null() ? nullptr : node;
}

const std::string* SectionReader::scalar(std::string_view key, const YamlNode*& node) {
  node = find(key);
  if (node == nullptr) return nullptr;
  if (node->kind() == YamlNode::Kind::Scalar) return &node->text();
  context_.wrong(*node, words(key, " must be a single value, as in `key: value`"));
  return nullptr;
}

bool SectionReader::text(std::string_view key, std::string& into) {
  const YamlNode* node = nullptr;
  const std::string* const value = scalar(key, node);
  if (value == nullptr) return false;
  into = *value;
  return true;
}

bool SectionReader::secret(std::string_view key, Secret& into) {
  std::string value;
  if (!text(key, value)) return false;
  into = Secret(std::move(value));
  return true;
}

bool SectionReader::path(std::string_view key, std::string& into) {
  std::string value;
  if (!text(key, value)) return false;
  into = context_.beside(value);
  return true;
}

bool SectionReader::boolean(std::string_view key, bool& into) {
  const YamlNode* node = nullptr;
  const std::string* const value = scalar(key, node);
  if (value == nullptr) return false;
  if (!node->quoted()) {
    std::string lower = *value;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const bool yes = lower == "true" || lower == "yes" || lower == "on";
    if (yes || lower == "false" || lower == "no" || lower == "off") {
      into = yes;
      return true;
    }
  }
  context_.wrong(*node, words(key, " must be true or false, without quotes"));
  return false;
}

bool SectionReader::duration(std::string_view key, std::chrono::milliseconds& into) {
  const YamlNode* node = nullptr;
  const std::string* const value = scalar(key, node);
  if (value == nullptr) return false;
  const Result<std::chrono::milliseconds> duration = parse_duration(*value);
  if (duration) {
    into = *duration;
    return true;
  }
  context_.wrong(*node, std::string(key) + ": " + duration.error().message);
  return false;
}

bool SectionReader::byte_size(std::string_view key, std::uint64_t& into) {
  const YamlNode* node = nullptr;
  const std::string* const value = scalar(key, node);
  if (value == nullptr) return false;
  const Result<std::uint64_t> size = parse_byte_size(*value);
  if (size) {
    into = *size;
    return true;
  }
  context_.wrong(*node, std::string(key) + ": " + size.error().message);
  return false;
}

bool SectionReader::count(std::string_view key, std::uint64_t& into) {
  const YamlNode* node = nullptr;
  const std::string* const value = scalar(key, node);
  if (value == nullptr) return false;
  std::uint64_t number = 0;
  const char* const end = value->data() + value->size();
  const auto [stop, fault] = std::from_chars(value->data(), end, number);
  if (fault != std::errc{} || stop != end || number > INT64_MAX || node->quoted()) {
    context_.wrong(*node, words(key, " must be a whole number, 0 or more"));
    return false;
  }
  into = number;
  return true;
}

bool SectionReader::number(std::string_view key, double& into) {
  const YamlNode* node = nullptr;
  const std::string* const value = scalar(key, node);
  if (value == nullptr) return false;
  double number = 0;
  const char* const end = value->data() + value->size();
  const auto [stop, fault] = std::from_chars(value->data(), end, number);
  if (fault != std::errc{} || stop != end || !std::isfinite(number) || node->quoted()) {
    context_.wrong(*node, words(key, " must be a number, as in 1.1"));
    return false;
  }
  into = number;
  return true;
}

bool SectionReader::texts(std::string_view key, std::vector<std::string>& into) {
  std::vector<std::string> values;
  bool good = true;
  each(key, [&](const YamlNode& item) {
    if (item.kind() == YamlNode::Kind::Scalar) {
      values.push_back(item.text());
    } else {
      context_.wrong(item, words("each entry must be a text, in ", key));
      good = false;
    }
  });
  if (!good || find(key) == nullptr) return false;
  into = std::move(values);
  return true;
}

bool SectionReader::labels(std::string_view key, Labels& into) {
  Labels values;
  each_entry(key, [&](const YamlNode& item) {
    if (!is_label_name(item.key(), context_.validation)) {
      context_.wrong_key(
          item, "\"" + item.key() + "\" is not a label name: " +
                    (context_.validation == NameValidation::legacy ? "use letters, digits and _, not first a digit"
                                                                   : "it must not be empty and must be UTF-8"));
    } else if (!item.is_null() && item.kind() != YamlNode::Kind::Scalar) {
      context_.wrong(item, "a label's value must be a text, as in `name: value`");
    } else if (!is_utf8_text(item.text())) {
      context_.wrong(item, "a label's value must be UTF-8");
    } else {
      values[item.key()] = item.text();
    }
  });
  if (find(key) == nullptr) return false;
  into = std::move(values);
  return true;
}

std::optional<std::size_t> SectionReader::choice(std::string_view key, std::span<const std::string_view> choices) {
  const YamlNode* node = nullptr;
  const std::string* const value = scalar(key, node);
  if (value == nullptr) return std::nullopt;
  const auto found = std::find(choices.begin(), choices.end(), *value);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  const std::string_view near = nearest_word(*value, {choices.begin(), choices.end()});
  context_.wrong(*node, std::string(key) + " is \"" + *value + "\", must be one of " + joined(choices) +
                            (near.empty() ? "" : ": did you mean \"" + std::string(near) + "\"?"));
  return std::nullopt;
}

void SectionReader::each(std::string_view key, const std::function<void(const YamlNode&)>& read) {
  const YamlNode* const node = find(key);
  if (node == nullptr) return;
  if (node->kind() != YamlNode::Kind::Sequence) {
    context_.wrong(*node, words(key, " must be a list, as in `[first, second]`"));
    return;
  }
  for (const YamlNode& item : node->items()) {
    if (item.is_null()) {
      context_.wrong(item, words("an empty entry in ", key) + ": fill it or remove it");
    } else {
      read(item);
    }
  }
}

void SectionReader::each_entry(std::string_view key, const std::function<void(const YamlNode&)>& read) {
  const YamlNode* const node = find(key);
  if (node == nullptr) return;
  if (node->kind() != YamlNode::Kind::Mapping) {
    context_.wrong(*node, words(key, " must be a mapping, as in `key: value`"));
    return;
  }
  for (const YamlNode& item : node->items()) read(item);
}

void SectionReader::refuse(std::string_view key, std::string_view advice) {
  if (find(key) != nullptr) {
    context_.wrong_key(*node_.find(key), std::string(key) + " is not supported: " + std::string(advice));
  }
}

void SectionReader::wrong(std::string_view key, std::string_view message) {
  const YamlNode* const node = find(key);
  context_.wrong(node == nullptr ? node_ : *node, message);
}

void SectionReader::finish() {
  if (!usable_) return;
  for (const YamlNode& item : node_.items()) {
    if (std::find(known_.begin(), known_.end(), item.key()) != known_.end()) continue;
    const std::string_view near = nearest_word(item.key(), known_);
    context_.wrong_key(item,
                       "unknown key \"" + item.key() + "\" in " + what_ +
                           (near.empty() ? std::string(": remove it, or see docs/configuration.md for those known")
                                         : ": did you mean \"" + std::string(near) + "\"?"));
  }
}

}  // namespace config
BELLWETHER_NAMESPACE_END
