// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/yaml_reader.hpp"

#include <algorithm>
#include <numeric>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  result += text;
  result += '"';
  return result;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string result;
  for (std::string_view word : words) {
    if (!result.empty()) result += ", ";
    result += word;
  }
  return result;
}

// Levenshtein's distance by rows.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view nearest_word(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t longest = 64;  // of anything longer no key is near
  if (word.size() > longest) return {};
  std::string_view nearest;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (std::string_view candidate : candidates) {
    const std::size_t apart = distance(word, candidate);
    if (apart < least) {
      least = apart;
      nearest = candidate;
    }
  }
  return nearest;
}

const std::string& yaml_text(const YamlNode& node, std::string_view what) {
  if (node.kind() != YamlNode::Kind::Scalar) {
    throw Exception(node.error(std::string(what) + " must be a text, as in `name: value`"));
  }
  return node.text();
}

YamlMapReader::YamlMapReader(const YamlNode& node, std::string_view what,
                             std::initializer_list<std::string_view> known_keys)
    : node_(&node) {
  if (node.is_null()) return;
  if (node.kind() != YamlNode::Kind::Mapping) {
    throw Exception(node.error(std::string(what) + " must be a mapping, as in `key: value`"));
  }
  const std::vector<std::string_view> known(known_keys);
  for (const YamlNode& item : node.items()) {
    if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
    std::string message = "unknown key " + quoted(item.key()) + " in " + std::string(what);
    if (const std::string_view near = nearest_word(item.key(), known); !near.empty()) {
      message += ": did you mean " + quoted(near) + "?";
    } else {
      message += ": remove it; known are " + joined(known);
    }
    throw Exception(item.key_error(message));
  }
}

const YamlNode* YamlMapReader::find(std::string_view key) const {
  const YamlNode* node = node_->find(key);
  return node == nullptr || node->is_null() ? nullptr : node;
}

std::string YamlMapReader::text(std::string_view key, std::string_view otherwise) const {
  const YamlNode* node = find(key);
  return node == nullptr ? std::string(otherwise) : yaml_text(*node, key);
}

bool YamlMapReader::boolean(std::string_view key, bool otherwise) const {
  const YamlNode* node = find(key);
  if (node == nullptr) return otherwise;
  if (node->kind() == YamlNode::Kind::Scalar && !node->quoted()) {
    const std::string& text = node->text();
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
  }
  throw Exception(node->error(std::string(key) + " must be true or false, without quotes"));
}

std::vector<std::string> YamlMapReader::texts(std::string_view key) const {
  std::vector<std::string> result;
  const YamlNode* node = find(key);
  if (node == nullptr) return result;
  if (node->kind() != YamlNode::Kind::Sequence) {
    throw Exception(node->error(std::string(key) + " must be a list, as in `[first, second]`"));
  }
  for (const YamlNode& item : node->items()) {
    result.push_back(yaml_text(item, std::string("each entry of ") + std::string(key)));
  }
  return result;
}

std::size_t YamlMapReader::choice(std::string_view key, const std::vector<std::string_view>& choices,
                                  std::size_t otherwise) const {
  const YamlNode* node = find(key);
  if (node == nullptr) return otherwise;
  const std::string& text = yaml_text(*node, key);
  const auto found = std::find(choices.begin(), choices.end(), text);
  if (found == choices.end()) {
    throw Exception(node->error(std::string(key) + " is " + quoted(text) + ", must be one of " + joined(choices)));
  }
  return static_cast<std::size_t>(found - choices.begin());
}

}  // namespace config
BELLWETHER_NAMESPACE_END
