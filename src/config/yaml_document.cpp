// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/yaml_document.hpp"

#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>
#include <unordered_map>

// yaml-cpp's own headers move between its versions; these two are stable and yaml.h does not bring them.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

namespace {

YamlPosition position_of(const YAML::Mark& mark) {
  // A null mark (all -1) stands for "no place known".
  if (mark.line < 0 || mark.column < 0) return {};
  return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

Error error_at(const std::string& file, YamlPosition position, std::string_view message) {
  std::string text = file;
  text += ':';
  text += std::to_string(position.line);
  text += ':';
  text += std::to_string(position.column);
  text += ": ";
  text += message;
  return {std::move(text)};
}

bool is_plain_tag(const std::string& tag) {
  return tag.empty() || tag == "?";
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
  if (kind_ != Kind::Mapping) return nullptr;
  for (const YamlNode& item : items_) {
    if (item.key_ == key) return &item;
  }
  return nullptr;
}

Error YamlNode::error(std::string_view message) const {
  return error_at(*file_, position_, message);
}
Error YamlNode::key_error(std::string_view message) const {
  return error_at(*file_, key_position_, message);
}

/// Takes yaml-cpp's events and builds our tree, so that every limit holds while the text is read and not after.
class YamlTreeBuilder final : public YAML::EventHandler {
 public:
  YamlTreeBuilder(const std::string& name, const YamlLimits& limits)
      : file_(std::make_shared<const std::string>(name)), limits_(limits) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    fail(mark, "the anchor &" + name + " is refused: write the value out at every place that needs it");
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fail(mark, "an alias (*name) is refused: write the value out instead");
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(make(mark, YamlNode::Kind::Null), mark); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    YamlNode node = make(mark, YamlNode::Kind::Scalar);
    node.quoted_ = !is_plain_tag(tag);
    if (node.quoted_ && tag != "!" && tag != "tag:yaml.org,2002:str") refuse_tag(mark, tag);
    node.text_ = value;
    add(std::move(node), mark);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    if (!is_plain_tag(tag) && tag != "!" && tag != "tag:yaml.org,2002:seq") refuse_tag(mark, tag);
    open(mark, YamlNode::Kind::Sequence);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    if (!is_plain_tag(tag) && tag != "!" && tag != "tag:yaml.org,2002:map") refuse_tag(mark, tag);
    open(mark, YamlNode::Kind::Mapping);
  }
  void OnMapEnd() override { close(); }

  YamlNode empty() const {
    YamlNode node;
    node.file_ = file_;
    return node;
  }

  YamlNode take() { return root_.file_ ? std::move(root_) : empty(); }

 private:
  // A collection that is being read, and for a mapping the key whose value comes next.
  struct Open {
    YamlNode node;
    bool has_key = false;
    std::string key;
    YamlPosition key_position;
    std::unordered_map<std::string, YamlPosition> seen;
  };

  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) const {
    throw Exception(error_at(*file_, position_of(mark), message));
  }

  [[noreturn]] void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    fail(mark, "the tag " + tag + " is refused: write a plain value");
  }

  YamlNode make(const YAML::Mark& mark, YamlNode::Kind kind) {
    if (++nodes_ > limits_.max_nodes) {
      fail(mark, "more than " + std::to_string(limits_.max_nodes) + " values: split the file");
    }
    YamlNode node;
    node.kind_ = kind;
    node.position_ = position_of(mark);
    node.file_ = file_;
    return node;
  }

  void open(const YAML::Mark& mark, YamlNode::Kind kind) {
    if (open_.size() >= limits_.max_depth) {
      fail(mark, "nested deeper than " + std::to_string(limits_.max_depth) + " levels: flatten it");
    }
    if (!open_.empty() && expects_key(open_.back())) fail(mark, "a key must be a single word or text");
    Open entry;
    entry.node = make(mark, kind);
    open_.push_back(std::move(entry));
  }

  void close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    attach(std::move(node));
  }

  void add(YamlNode node, const YAML::Mark& mark) {
    if (!open_.empty() && expects_key(open_.back())) {
      take_key(node, mark);
    } else {
      attach(std::move(node));
    }
  }

  void take_key(const YamlNode& node, const YAML::Mark& mark) {
    Open& map = open_.back();
    if (node.is_null()) fail(mark, "a key is missing before the ':'");
    const auto [place, fresh] = map.seen.emplace(node.text_, node.position_);
    if (!fresh) {
      fail(mark, "the key \"" + node.text_ + "\" stands twice (first in line " + std::to_string(place->second.line) +
                     "): keep one");
    }
    map.has_key = true;
    map.key = node.text_;
    map.key_position = node.position_;
  }

  void attach(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind_ == YamlNode::Kind::Mapping) {
      node.key_ = std::move(parent.key);
      node.key_position_ = parent.key_position;
      parent.has_key = false;
    }
    parent.node.items_.push_back(std::move(node));
  }

  static bool expects_key(const Open& entry) { return entry.node.kind_ == YamlNode::Kind::Mapping && !entry.has_key; }

  std::shared_ptr<const std::string> file_;
  YamlLimits limits_;
  std::vector<Open> open_;
  YamlNode root_;
  std::size_t nodes_ = 0;
};

Result<YamlNode> parse_yaml(std::string_view text, const std::string& name, const YamlLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{name + ": the file has more than " + std::to_string(limits.max_bytes) + " bytes: split it"};
  }
  try {
    YamlTreeBuilder builder(name, limits);
    // With the mark of a document's end behind it yaml-cpp notices a quote that is never closed; without it the
    // rest of the file would silently become one text.
    std::string marked(text);
    if (!marked.empty() && marked.back() != '\n') marked += '\n';
    marked += "...\n";
    std::istringstream stream{std::move(marked)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return builder.empty();
    YamlNode root = builder.take();
    YamlTreeBuilder rest(name, limits);
    if (parser.HandleNextDocument(rest)) {
      return rest.take().error("a second document begins: keep one, or put the other into a file of its own");
    }
    return root;
  } catch (const YAML::Exception& problem) {
    if (problem.msg == YAML::ErrorMsg::DOC_IN_SCALAR) {
      return error_at(name, position_of(problem.mark), "not valid YAML: a quote that was opened before is not closed");
    }
    return error_at(name, position_of(problem.mark), "not valid YAML: " + problem.msg);
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
