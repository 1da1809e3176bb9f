// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// yaml-cpp's own headers move between its versions; these are stable.
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include "config/yaml_document.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// yaml-cpp counts lines and columns from 0.
YamlPosition yaml_position(const YAML::Mark& mark);

/// `file:line:column: message`, and the line of the alias unless it is 0.
Error yaml_error(const std::string& file, YamlPosition position, std::string_view message,
                 std::size_t used_in_line = 0);

/// Takes yaml-cpp's events and builds our tree, so that every limit holds while the text is read and not after.
///
/// The events of an anchor's content are kept; an alias is those events once more. So whatever is asked of a value is
/// asked of an aliased one too, and each of its nodes counts towards the limits.
///
/// Throws `Exception` on the first mistake. One builder reads one document.
class YamlTreeBuilder final : public YAML::EventHandler {
 public:
  /// `text` must outlive the builder.
  YamlTreeBuilder(const std::string& name, std::string_view text, const YamlLimits& limits);

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

  /// The tree; a null node when the document was empty.
  YamlNode take();

  /// What to say of the alias at `mark`, of which yaml-cpp knows no anchor.
  Error unknown_alias(const YAML::Mark& mark) const;

 private:
  enum class EventKind { Null, Scalar, SequenceStart, MapStart, End, Alias };

  struct Event {
    EventKind kind = EventKind::Null;
    YAML::Mark mark;
    std::string tag;
    std::string value;
    YAML::anchor_t anchor = 0;
  };

  // Its content are the events [first, end); 0 while it is being read.
  struct Anchor {
    std::string name;
    YamlPosition position;
    std::size_t first = 0;
    std::size_t end = 0;
  };

  // A collection that is being read, and for a mapping the key whose value comes next.
  struct Open {
    YamlNode node;
    bool has_key = false;
    bool merging = false;  // the key is <<
    std::string key;
    YamlPosition key_position;
    std::size_t key_used_in_line = 0;
    std::unordered_map<std::string, YamlPosition> seen;
    std::vector<YamlNode> merges;
  };

  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) const;
  void check_tag(const Event& event, std::string_view plain_tag) const;

  void take_event(const Event& event);
  void keep(const Event& event);
  void apply(const Event& event);
  void apply_alias(const Event& event);

  void count(const Event& event);
  YamlNode make(const Event& event, YamlNode::Kind kind);
  void open(const Event& event, YamlNode::Kind kind);
  void close();
  void add(YamlNode node, const Event& event);
  void take_key(const YamlNode& node, const YAML::Mark& mark, bool merge);
  void attach(YamlNode node);
  void attach_merge(Open& parent, YamlNode node) const;
  bool awaits_key() const;

  std::shared_ptr<const std::string> file_;
  std::string_view text_;
  YamlLimits limits_;
  std::vector<Open> open_;
  YamlNode root_;
  std::size_t nodes_ = 0;

  std::string anchor_name_;              // of the node whose event comes next
  std::vector<YAML::anchor_t> nesting_;  // the anchors of the collections that are being read, or 0
  std::size_t open_anchors_ = 0;         // how many of these there are: while any, events are kept
  std::vector<Event> events_;            // of the contents of anchors
  std::unordered_map<YAML::anchor_t, Anchor> anchors_;

  std::size_t alias_depth_ = 0;
  YAML::Mark alias_mark_;  // the outermost alias that is being resolved, where alias_depth_ > 0
  std::size_t aliased_nodes_ = 0;
  std::size_t aliased_bytes_ = 0;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
