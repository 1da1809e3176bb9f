// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/relabel.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "config/prometheus/relabel_reader.hpp"
#include "scrape/relabel_template.hpp"
#include "scrape/relabel_values.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

using Action = config::RelabelAction;

constexpr std::int64_t max_program_bytes = 8LL << 20;
constexpr std::size_t max_groups = 64;  // more are not looked at

re2::RE2::Options regex_options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(max_program_bytes);
  return options;
}

// "a|b|c" without any other meaning: its words, sorted.
std::vector<std::string> plain_words(const std::string& pattern) {
  std::vector<std::string> words;
  if (pattern.find_first_of("\\.+*?()[]{}^$") != std::string::npos) return words;
  for (std::size_t start = 0;;) {
    const std::size_t bar = pattern.find('|', start);
    words.push_back(pattern.substr(start, bar == std::string::npos ? bar : bar - start));
    if (bar == std::string::npos) break;
    start = bar + 1;
  }
  std::sort(words.begin(), words.end());
  return words;
}

}  // namespace

struct Relabeller::Step {
  Step(config::RelabelConfig given, config::NameValidation names)
      : config(std::move(given)),
        validation(names),
        regex("(?:" + config.regex + ")", regex_options()),
        words(plain_words(config.regex)),
        matches_all(config.regex == "(.*)" || config.regex == ".*"),
        copies(config.regex == "(.*)" && config.replacement == "$1"),
        target(config.target_label, regex),
        replacement(config.replacement, regex) {}

  bool matches(std::string_view text) const {
    if (matches_all) return true;
    if (!words.empty()) return std::binary_search(words.begin(), words.end(), text);
    return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), regex);
  }

  config::RelabelConfig config;
  config::NameValidation validation;
  re2::RE2 regex;
  std::vector<std::string> words;  // in place of the regex
  bool matches_all;
  bool copies;  // the source as it is
  RelabelTemplate target;
  RelabelTemplate replacement;

  // What the groups of one match are; good while the text lives.
  struct Groups {
    std::array<re2::StringPiece, max_groups> pieces;
    std::size_t count = 0;
    std::span<const re2::StringPiece> all() const { return {pieces.data(), count}; }
  };

  bool match(std::string_view text, Groups& groups) const {
    const int wanted = 1 + std::max(target.highest_group(), replacement.highest_group());
    groups.count = std::min(static_cast<std::size_t>(wanted), max_groups);
    if (target.is_fixed() && replacement.is_fixed()) return matches(text);
    return regex.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), re2::RE2::ANCHOR_BOTH,
                       groups.pieces.data(), static_cast<int>(groups.count));
  }
};

Result<Relabeller> Relabeller::make(std::span<const config::RelabelConfig> steps, config::NameValidation validation) {
  Relabeller relabeller;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (const auto fault = config::relabel_fault(steps[i], validation)) {
      return Error{"relabelling step " + std::to_string(i + 1) + ": " + fault->message};
    }
    relabeller.steps_.push_back(std::make_shared<const Step>(steps[i], validation));
  }
  return relabeller;
}

bool Relabeller::apply(LabelBuffer& labels) const {
  return std::all_of(steps_.begin(), steps_.end(), [&](const auto& step) { return run(*step, labels); });
}

std::string_view Relabeller::source_of(const config::RelabelConfig& config, LabelBuffer& labels) {
  if (config.source_labels.size() == 1) return labels.value(config.source_labels[0]);
  labels.source_.clear();
  for (std::size_t i = 0; i < config.source_labels.size(); ++i) {
    if (i > 0) labels.source_ += config.separator;
    labels.source_ += labels.value(config.source_labels[i]);
  }
  return labels.source_;
}

void Relabeller::replace(const Step& step, std::string_view source, LabelBuffer& labels) {
  if (step.copies && step.target.is_fixed()) {
    labels.set_copy(step.target.fixed_text(), source);
    return;
  }
  Step::Groups groups;
  if (!step.match(source, groups)) return;
  std::string_view target = step.target.fixed_text();
  if (!step.target.is_fixed()) {
    labels.target_.clear();
    step.target.expand(groups.all(), labels.target_);
    target = labels.target_;
  }
  if (!config::is_label_name(target, step.validation)) return;
  labels.expanded_.clear();
  step.replacement.expand(groups.all(), labels.expanded_);
  labels.set_copy(target, labels.expanded_);
}

void Relabeller::map_names(const Step& step, LabelBuffer& labels) {
  Step::Groups groups;
  labels.before_.assign(labels.labels_.begin(), labels.labels_.end());
  for (const LabelView& label : labels.before_) {
    if (!step.match(label.name, groups)) continue;
    labels.expanded_.clear();
    step.replacement.expand(groups.all(), labels.expanded_);
    if (config::is_label_name(labels.expanded_, step.validation)) labels.set_copy(labels.expanded_, label.value);
  }
}

bool Relabeller::run(const Step& step, LabelBuffer& labels) {
  const config::RelabelConfig& config = step.config;
  const std::string_view source = source_of(config, labels);
  switch (config.action) {
    case Action::replace:
      replace(step, source, labels);
      return true;
    case Action::keep:
      return step.matches(source);
    case Action::drop:
      return !step.matches(source);
    case Action::keepequal:
      return labels.value(config.target_label) == source;
    case Action::dropequal:
      return labels.value(config.target_label) != source;
    case Action::hashmod:
      labels.set_copy(config.target_label, std::to_string(md5_tail(source) % config.modulus));
      return true;
    case Action::labelmap:
      map_names(step, labels);
      return true;
    case Action::labeldrop:
    case Action::labelkeep: {
      const bool drops = config.action == Action::labeldrop;
      std::erase_if(labels.labels_, [&](const LabelView& label) { return step.matches(label.name) == drops; });
      return true;
    }
    case Action::lowercase:
    case Action::uppercase:
      labels.expanded_.clear();
      (config.action == Action::lowercase ? append_lower : append_upper)(source, labels.expanded_);
      labels.set_copy(config.target_label, labels.expanded_);
      return true;
  }
  return true;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
