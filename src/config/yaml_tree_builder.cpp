// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/yaml_tree_builder.hpp"

#include <utility>

#include "config/yaml_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

namespace {

constexpr std::string_view merge_key = "<<";
constexpr std::string_view merge_tag = "tag:yaml.org,2002:merge";

bool is_plain_tag(const std::string& tag) {
  return tag.empty() || tag == "?";
}

// The name of the alias or anchor whose sign stands before `text`.
std::string_view leading_name(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t\r\n,[]{}"));
}

// An anchored value's mark is that of its anchor; the value begins after it. PromQL's errors are counted from there.
YAML::Mark after_anchor(YAML::Mark mark, std::string_view text, std::string_view name) {
  if (mark.pos < 0 || static_cast<std::size_t>(mark.pos) >= text.size()) return mark;
  const std::string_view rest = text.substr(static_cast<std::size_t>(mark.pos));
  if (rest[0] != '&' || rest.substr(1, name.size()) != name) return mark;
  const std::size_t value = rest.find_first_not_of(" \t", 1 + name.size());
  if (value == std::string_view::npos || rest[value] == '\n' || rest[value] == '\r') return mark;
  mark.pos += static_cast<int>(value);
  mark.column += static_cast<int>(value);
  return mark;
}

}  // namespace

YamlPosition yaml_position(const YAML::Mark& mark) {
  // A null mark (all -1) stands for "no place known".
  if (mark.line < 0 || mark.column < 0) return {};
  return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

Error yaml_error(const std::string& file, YamlPosition position, std::string_view message, std::size_t used_in_line) {
  std::string text = file;
  text += ':';
  text += std::to_string(position.line);
  text += ':';
  text += std::to_string(position.column);
  text += ": ";
  text += message;
  if (used_in_line != 0) text += " (used by the alias in line " + std::to_string(used_in_line) + ')';
  return {std::move(text)};
}

YamlTreeBuilder::YamlTreeBuilder(const std::string& name, std::string_view text, const YamlLimits& limits)
    : file_(std::make_shared<const std::string>(name)), text_(text), limits_(limits) {}

void YamlTreeBuilder::OnAnchor(const YAML::Mark&, const std::string& name) {
  anchor_name_ = name;
}

void YamlTreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  take_event({EventKind::Alias, mark, {}, {}, anchor});
}

void YamlTreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  take_event({EventKind::Null, mark, {}, {}, anchor});
}

void YamlTreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                               const std::string& value) {
  const YAML::Mark begin = anchor == 0 ? mark : after_anchor(mark, text_, anchor_name_);
  take_event({EventKind::Scalar, begin, tag, value, anchor});
}

void YamlTreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                      YAML::EmitterStyle::value) {
  take_event({EventKind::SequenceStart, mark, tag, {}, anchor});
}

void YamlTreeBuilder::OnSequenceEnd() {
  take_event({EventKind::End, {}, {}, {}, 0});
}

void YamlTreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                 YAML::EmitterStyle::value) {
  take_event({EventKind::MapStart, mark, tag, {}, anchor});
}

void YamlTreeBuilder::OnMapEnd() {
  take_event({EventKind::End, {}, {}, {}, 0});
}

YamlNode YamlTreeBuilder::take() {
  if (root_.file_) return std::move(root_);
  YamlNode empty;
  empty.file_ = file_;
  return empty;
}

Error YamlTreeBuilder::unknown_alias(const YAML::Mark& mark) const {
  std::string_view name;
  if (mark.pos >= 0 && static_cast<std::size_t>(mark.pos) < text_.size() &&
      text_[static_cast<std::size_t>(mark.pos)] == '*') {
    name = leading_name(text_.substr(static_cast<std::size_t>(mark.pos) + 1));
  }
  std::vector<std::string_view> names;
  for (const auto& [id, anchor] : anchors_) names.push_back(anchor.name);
  // A name that resembles none is not repeated: it may be a password that begins with an asterisk.
  const std::string_view near = nearest_word(name, names);
  const std::string message =
      near.empty()
          ? "this alias has no anchor before it: write the anchor at the value it stands for; a text that begins "
            "with * stands in quotes"
          : "the alias *" + std::string(name) + " has no anchor before it: did you mean *" + std::string(near) + "?";
  return yaml_error(*file_, yaml_position(mark), message);
}

void YamlTreeBuilder::fail(const YAML::Mark& mark, const std::string& message) const {
  const std::size_t used_in_line = alias_depth_ == 0 ? 0 : yaml_position(alias_mark_).line;
  throw Exception(yaml_error(*file_, yaml_position(mark), message, used_in_line));
}

void YamlTreeBuilder::check_tag(const Event& event, std::string_view plain_tag) const {
  if (is_plain_tag(event.tag) || event.tag == "!" || event.tag == plain_tag) return;
  fail(event.mark, "the tag " + event.tag + " is refused: write a plain value");
}

void YamlTreeBuilder::take_event(const Event& event) {
  keep(event);
  apply(event);
}

void YamlTreeBuilder::keep(const Event& event) {
  const bool starts = event.kind == EventKind::SequenceStart || event.kind == EventKind::MapStart;
  const bool anchored = event.anchor != 0 && event.kind != EventKind::Alias;
  if (anchored) {
    anchors_[event.anchor] = {std::move(anchor_name_), yaml_position(event.mark), events_.size(),
                              starts ? 0 : events_.size() + 1};
    anchor_name_.clear();
  }
  if (starts) {
    nesting_.push_back(event.anchor);
    if (anchored) ++open_anchors_;
  }
  if (anchored || open_anchors_ > 0) events_.push_back(event);
  if (event.kind == EventKind::End) {
    const YAML::anchor_t ended = nesting_.back();
    nesting_.pop_back();
    if (ended == 0) return;
    anchors_[ended].end = events_.size();
    --open_anchors_;
  }
}

void YamlTreeBuilder::apply(const Event& event) {
  switch (event.kind) {
    case EventKind::Null:
      add(make(event, YamlNode::Kind::Null), event);
      break;
    case EventKind::Scalar: {
      YamlNode node = make(event, YamlNode::Kind::Scalar);
      node.quoted_ = !is_plain_tag(event.tag);
      const bool merge = awaits_key() && event.tag == merge_tag && event.value == merge_key;
      if (!merge) check_tag(event, "tag:yaml.org,2002:str");
      node.text_ = event.value;
      add(std::move(node), event);
      break;
    }
    case EventKind::SequenceStart:
      check_tag(event, "tag:yaml.org,2002:seq");
      open(event, YamlNode::Kind::Sequence);
      break;
    case EventKind::MapStart:
      check_tag(event, "tag:yaml.org,2002:map");
      open(event, YamlNode::Kind::Mapping);
      break;
    case EventKind::End:
      close();
      break;
    case EventKind::Alias:
      apply_alias(event);
      break;
  }
}

void YamlTreeBuilder::apply_alias(const Event& event) {
  const Anchor& anchor = anchors_[event.anchor];
  if (anchor.end == 0) {
    fail(event.mark, "the alias *" + anchor.name + " stands inside its own anchor (line " +
                         std::to_string(anchor.position.line) + "): nothing can contain itself");
  }
  const Event& first = events_[anchor.first];
  if (awaits_key()) {
    if (first.kind != EventKind::Scalar) fail(event.mark, "a key must be a single word or text");
    if (alias_depth_ == 0) alias_mark_ = event.mark;
    Event written_out = first;
    written_out.mark = event.mark;
    ++alias_depth_;
    YamlNode key = make(written_out, YamlNode::Kind::Scalar);
    --alias_depth_;
    if (alias_depth_ == 0) key.used_in_line_ = 0;
    key.text_ = first.value;
    take_key(key, event.mark, false);
    return;
  }
  if (!open_.empty() && open_.back().merging && first.kind == EventKind::SequenceStart) {
    fail(event.mark, "<< does not take the alias of a list: write the list here, as in <<: [*first, *second]");
  }
  if (alias_depth_++ == 0) alias_mark_ = event.mark;
  for (std::size_t i = anchor.first; i < anchor.end; ++i) apply(events_[i]);
  --alias_depth_;
}

void YamlTreeBuilder::count(const Event& event) {
  constexpr const char* mend = ": use fewer, or split the file";
  if (alias_depth_ > 0) {
    ++aliased_nodes_;
    aliased_bytes_ += event.value.size();
    const bool too_many = aliased_nodes_ > limits_.max_aliased_nodes;
    if (too_many || aliased_bytes_ > limits_.max_aliased_bytes) {
      throw Exception(yaml_error(*file_, yaml_position(alias_mark_),
                                 "the aliases stand for more than " +
                                     (too_many ? std::to_string(limits_.max_aliased_nodes) + " values"
                                               : std::to_string(limits_.max_aliased_bytes) + " bytes") +
                                     mend));
    }
  }
  if (++nodes_ <= limits_.max_nodes) return;
  const std::string most = "more than " + std::to_string(limits_.max_nodes) + " values";
  if (alias_depth_ == 0) fail(event.mark, most + ": split the file");
  throw Exception(yaml_error(*file_, yaml_position(alias_mark_), most + " with what the aliases stand for" + mend));
}

YamlNode YamlTreeBuilder::make(const Event& event, YamlNode::Kind kind) {
  count(event);
  YamlNode node;
  node.kind_ = kind;
  node.position_ = yaml_position(event.mark);
  if (alias_depth_ > 0) node.used_in_line_ = yaml_position(alias_mark_).line;
  node.file_ = file_;
  return node;
}

void YamlTreeBuilder::open(const Event& event, YamlNode::Kind kind) {
  if (open_.size() >= limits_.max_depth) {
    fail(event.mark, "nested deeper than " + std::to_string(limits_.max_depth) + " levels: flatten it");
  }
  if (awaits_key()) fail(event.mark, "a key must be a single word or text");
  Open entry;
  entry.node = make(event, kind);
  open_.push_back(std::move(entry));
}

void YamlTreeBuilder::close() {
  Open entry = std::move(open_.back());
  open_.pop_back();
  for (YamlNode& merged : entry.merges) {
    for (YamlNode& item : merged.items_) {
      if (entry.seen.emplace(item.key_, item.key_position_).second) entry.node.items_.push_back(std::move(item));
    }
  }
  attach(std::move(entry.node));
}

void YamlTreeBuilder::add(YamlNode node, const Event& event) {
  if (awaits_key()) {
    const bool plain = event.kind == EventKind::Scalar && (!node.quoted_ || event.tag == merge_tag);
    take_key(node, event.mark, plain && node.text_ == merge_key);
  } else {
    attach(std::move(node));
  }
}

void YamlTreeBuilder::take_key(const YamlNode& node, const YAML::Mark& mark, bool merge) {
  Open& map = open_.back();
  if (node.is_null()) fail(mark, "a key is missing before the ':'");
  const auto [place, fresh] = map.seen.emplace(node.text_, node.position_);
  if (!fresh) {
    fail(mark, "the key \"" + node.text_ + "\" stands twice (first in line " + std::to_string(place->second.line) +
                   "): " + (merge ? "write one with a list, as in <<: [*first, *second]" : "keep one"));
  }
  map.has_key = true;
  map.merging = merge;
  map.key = node.text_;
  map.key_position = node.position_;
  map.key_used_in_line = node.used_in_line_;
}

void YamlTreeBuilder::attach(YamlNode node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& parent = open_.back();
  if (parent.node.kind_ == YamlNode::Kind::Mapping) {
    parent.has_key = false;
    if (std::exchange(parent.merging, false)) {
      attach_merge(parent, std::move(node));
      return;
    }
    node.key_ = std::move(parent.key);
    node.key_position_ = parent.key_position;
    node.key_used_in_line_ = parent.key_used_in_line;
  }
  parent.node.items_.push_back(std::move(node));
}

void YamlTreeBuilder::attach_merge(Open& parent, YamlNode node) const {
  const auto take_mapping = [&parent](YamlNode& mapping) {
    if (mapping.kind_ != YamlNode::Kind::Mapping) {
      throw Exception(mapping.error("<< merges mappings only: write <<: *name or <<: [*first, *second] of mappings"));
    }
    parent.merges.push_back(std::move(mapping));
  };
  if (node.kind_ != YamlNode::Kind::Sequence) {
    take_mapping(node);
    return;
  }
  for (YamlNode& item : node.items_) take_mapping(item);
}

bool YamlTreeBuilder::awaits_key() const {
  return !open_.empty() && open_.back().node.kind_ == YamlNode::Kind::Mapping && !open_.back().has_key;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
