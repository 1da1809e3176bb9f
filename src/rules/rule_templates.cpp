// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_templates.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "template/prometheus_functions.hpp"
#include "template/template.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

namespace {

/// By text. Reloads bring new texts: a full cache begins anew.
class ParsedTexts {
 public:
  Result<templates::Template> parse(std::string_view name, std::string_view text) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = parsed_.find(std::string(text)); found != parsed_.end()) return found->second;
    }
    Result<templates::Template> parsed = templates::parse_rule_text(name, text);
    if (!parsed) return parsed;
    const std::lock_guard lock(mutex_);
    if (parsed_.size() >= most) parsed_.clear();
    parsed_.emplace(text, *parsed);
    return parsed;
  }

 private:
  static constexpr std::size_t most = 4096;
  std::mutex mutex_;
  std::unordered_map<std::string, templates::Template> parsed_;
};

}  // namespace

TemplateExpander template_expander() {
  return [texts = std::make_shared<ParsedTexts>()](std::string_view text,
                                                   const TemplateContext& context) -> Result<std::string> {
    if (text.find("{{") == std::string_view::npos) return std::string(text);
    Result<templates::Template> parsed = texts->parse(context.name, text);
    if (!parsed) return parsed.error();
    templates::PrometheusFunctions surroundings;
    surroundings.external_url = context.external_url;
    surroundings.now_ms = context.time_ms;
    surroundings.query = [&context](const std::string& expression) -> Result<std::vector<templates::QuerySample>> {
      Result<std::vector<TemplateSample>> found = context.query(expression);
      if (!found) return found.error();
      std::vector<templates::QuerySample> samples;
      samples.reserve(found->size());
      for (TemplateSample& sample : *found) {
        templates::QuerySample& each = samples.emplace_back();
        each.labels = std::move(sample.labels);
        each.value = sample.value;
      }
      return samples;
    };
    const templates::FunctionTable functions = templates::bind_prometheus_functions(std::move(surroundings));
    templates::RenderOptions options;
    options.functions = &functions;
    return parsed->render(
        templates::rule_data(context.labels, context.external_labels, context.external_url, context.value), options);
  };
}

Result<void> check_rule_template(std::string_view text) {
  const Result<templates::Template> parsed = templates::parse_rule_text("template", text);
  return parsed ? Result<void>() : Result<void>(parsed.error());
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
