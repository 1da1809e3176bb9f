// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/label_references.hpp"

#include "template/nodes.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

class Finder {
 public:
  void look(const std::vector<Node>& nodes, bool dot_is_alert) {
    for (const Node& node : nodes) {
      look(node.pipeline, dot_is_alert);
      const bool moves_dot = node.kind == Node::Kind::with || node.kind == Node::Kind::range;
      look(node.body, dot_is_alert && !moves_dot);
      look(node.otherwise, dot_is_alert);
    }
  }

  std::set<std::string> found;

 private:
  void look(const Pipeline& pipeline, bool dot_is_alert) {
    for (const Command& command : pipeline.commands) {
      for (const Operand& operand : command.operands) look(operand, dot_is_alert);
      index(command, dot_is_alert);
    }
  }

  /// How many of its fields lead to the labels of the alert; none: it does not.
  static std::size_t fields_to_labels(const Operand& operand, bool dot_is_alert, bool& leads) {
    const bool root = (operand.kind == Operand::Kind::dot && dot_is_alert) ||
                      (operand.kind == Operand::Kind::variable && operand.name == "$");
    const bool through_root = root && !operand.fields.empty() && operand.fields[0] == "Labels";
    leads = through_root || (operand.kind == Operand::Kind::variable && operand.name == "$labels");
    return through_root ? 1 : 0;
  }

  void look(const Operand& operand, bool dot_is_alert) {
    if (operand.pipeline) look(*operand.pipeline, dot_is_alert);
    bool leads = false;
    const std::size_t depth = fields_to_labels(operand, dot_is_alert, leads);
    if (leads && operand.fields.size() > depth) found.insert(operand.fields[depth]);
  }

  void index(const Command& command, bool dot_is_alert) {
    const auto& operands = command.operands;
    if (operands.size() < 3 || operands[0].name != "index" || !operands[2].constant.is_text()) return;
    bool leads = false;
    const std::size_t depth = fields_to_labels(operands[1], dot_is_alert, leads);
    if (leads && operands[1].fields.size() == depth) found.insert(operands[2].constant.text());
  }
};

}  // namespace

std::set<std::string> labels_read(const Template& text) {
  Finder finder;
  finder.look(text.root().nodes, true);
  return std::move(finder.found);
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
