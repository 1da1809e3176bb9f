// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/yaml_document.hpp"

#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>

// yaml-cpp's own headers move between its versions; this one is stable and yaml.h does not bring it.
#include <yaml-cpp/parser.h>

#include "config/yaml_tree_builder.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
  if (kind_ != Kind::Mapping) return nullptr;
  for (const YamlNode& item : items_) {
    if (item.key_ == key) return &item;
  }
  return nullptr;
}

Error YamlNode::error(std::string_view message) const {
  return yaml_error(*file_, position_, message, used_in_line_);
}
Error YamlNode::key_error(std::string_view message) const {
  return yaml_error(*file_, key_position_, message, key_used_in_line_);
}

Result<YamlNode> parse_yaml(std::string_view text, const std::string& name, const YamlLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{name + ": the file has more than " + std::to_string(limits.max_bytes) + " bytes: split it"};
  }
  YamlTreeBuilder builder(name, text, limits);
  try {
    // With the mark of a document's end behind it yaml-cpp notices a quote that is never closed; without it the
    // rest of the file would silently become one text.
    std::string marked(text);
    if (!marked.empty() && marked.back() != '\n') marked += '\n';
    marked += "...\n";
    std::istringstream stream{std::move(marked)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return builder.take();
    YamlNode root = builder.take();
    YamlTreeBuilder rest(name, text, limits);
    if (parser.HandleNextDocument(rest)) {
      return rest.take().error("a second document begins: keep one, or put the other into a file of its own");
    }
    return root;
  } catch (const YAML::Exception& problem) {
    if (problem.msg == YAML::ErrorMsg::DOC_IN_SCALAR) {
      return yaml_error(name, yaml_position(problem.mark),
                        "not valid YAML: a quote that was opened before is not closed");
    }
    if (problem.msg.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR)) return builder.unknown_alias(problem.mark);
    return yaml_error(name, yaml_position(problem.mark), "not valid YAML: " + problem.msg);
  } catch (const Exception& problem) {
    return Error{problem.what()};
  }
}

Result<YamlNode> load_yaml(const std::string& path, const YamlLimits& limits) {
  const auto failed = [&path](int code) {
    return Error{path + ": cannot read the file: " + std::strerror(code) + "; check the path and its permissions"};
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return failed(errno);
  // One byte more than allowed tells a file of the greatest size from a greater one (or an endless device).
  std::string text(limits.max_bytes + 1, '\0');
  const std::size_t size = std::fread(text.data(), 1, text.size(), file.get());
  if (std::ferror(file.get()) != 0) return failed(errno);
  text.resize(size);
  return parse_yaml(text, path, limits);
}

}  // namespace config
BELLWETHER_NAMESPACE_END
