// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/relabel_reader.hpp"

#include <re2/re2.h>

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

constexpr std::int64_t max_program_bytes = 8LL << 20;

using Action = RelabelAction;

// What stands in $1 or ${name} may be any text, so only the rest of a target label can be checked.
bool is_target_label(const std::string& target, NameValidation validation) {
  if (validation == NameValidation::utf8 || target.find('$') == std::string::npos)
    return is_label_name(target, validation);
  return std::all_of(target.begin(), target.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           c == '{' || c == '}';
  });
}

std::optional<std::string> regex_fault(const std::string& regex) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(max_program_bytes);
  const re2::RE2 compiled("(?:" + regex + ")", options);
  if (compiled.ok()) return std::nullopt;
  return "the regex does not compile: " + compiled.error() +
         "; RE2's syntax counts, without look-ahead and back-references";
}

// The first key that stands although the action has no use for it.
std::string_view useless_key(const RelabelConfig& config, bool by_name) {
  const RelabelConfig plain;
  if (by_name && !config.source_labels.empty()) return "source_labels";
  if (by_name && !config.target_label.empty()) return "target_label";
  if (!by_name && config.regex != plain.regex) return "regex";
  if (config.modulus != plain.modulus) return "modulus";
  if (config.separator != plain.separator) return "separator";
  if (config.replacement != plain.replacement) return "replacement";
  return {};
}

}  // namespace

std::optional<RelabelFault> relabel_fault(const RelabelConfig& config, NameValidation validation) {
  const Action action = config.action;
  const std::string name(name_of(action));
  const auto is_one_of = [&](std::initializer_list<Action> actions) {
    return std::find(actions.begin(), actions.end(), action) != actions.end();
  };
  if (auto fault = regex_fault(config.regex)) return RelabelFault{"regex", std::move(*fault)};
  for (const std::string& label : config.source_labels) {
    if (!is_label_name(label, validation))
      return RelabelFault{"source_labels", "\"" + label + "\" is not a label name"};
  }
  if (action == Action::hashmod && config.modulus == 0) {
    return RelabelFault{"modulus", "action hashmod needs a modulus above 0: add it"};
  }
  const bool writes = is_one_of(
      {Action::replace, Action::hashmod, Action::lowercase, Action::uppercase, Action::keepequal, Action::dropequal});
  if (writes && config.target_label.empty()) {
    return RelabelFault{"target_label", "action " + name + " needs target_label: add it"};
  }
  const bool good_target = action == Action::replace ? is_target_label(config.target_label, validation)
                                                     : is_label_name(config.target_label, validation);
  if (writes && !good_target) {
    return RelabelFault{"target_label",
                        "\"" + config.target_label + "\" is not a label name: use letters, digits and _"};
  }
  if (is_one_of({Action::lowercase, Action::uppercase}) && config.replacement != "$1") {
    return RelabelFault{"replacement", "action " + name + " takes no replacement: remove it"};
  }
  if (action == Action::labelmap && !is_target_label(config.replacement, validation)) {
    return RelabelFault{"replacement", "\"" + config.replacement + "\" gives no label name: write it like meta_$1"};
  }
  const bool by_name = is_one_of({Action::labeldrop, Action::labelkeep});
  if (by_name || is_one_of({Action::keepequal, Action::dropequal})) {
    if (const std::string_view key = useless_key(config, by_name); !key.empty()) {
      return RelabelFault{key, "action " + name + " takes only " +
                                   (by_name ? "regex" : "source_labels and target_label") + ": remove " +
                                   std::string(key)};
    }
  }
  return std::nullopt;
}

void read_relabel_configs(SectionReader& section, std::string_view key, std::vector<RelabelConfig>& into) {
  static const std::vector<std::string_view> actions = names_of_first<RelabelAction, 11>();
  section.each(key, [&](const YamlNode& node) {
    SectionReader step(node, std::string(key), section.context());
    const std::size_t errors_before = section.context().error_count();
    RelabelConfig config;
    step.texts("source_labels", config.source_labels);
    step.text("separator", config.separator);
    step.text("regex", config.regex);
    step.count("modulus", config.modulus);
    step.text("target_label", config.target_label);
    step.text("replacement", config.replacement);
    if (const YamlNode* action = step.find("action"); action != nullptr && action->kind() == YamlNode::Kind::Scalar) {
      std::string lower = action->text();  // Prometheus takes any case
      for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      if (const auto found = std::find(actions.begin(), actions.end(), lower); found != actions.end()) {
        config.action = static_cast<RelabelAction>(found - actions.begin());
      } else {
        step.choice("action", actions);  // says what is wrong
      }
    } else if (action != nullptr) {
      step.choice("action", actions);
    }
    step.finish();
    if (section.context().error_count() == errors_before) {  // else it would only repeat what was said
      if (const auto fault = relabel_fault(config, section.context().validation))
        step.wrong(fault->key, fault->message);
    }
    into.push_back(std::move(config));
  });
}

}  // namespace config
BELLWETHER_NAMESPACE_END
