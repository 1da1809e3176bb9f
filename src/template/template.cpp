// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/template.hpp"

#include <algorithm>

#include "template/executor.hpp"
#include "template/parser.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

using Definitions = std::vector<std::shared_ptr<const Definition>>;

Result<Definitions> parse_text(std::string_view name, std::string_view text, std::size_t hidden,
                               const FunctionTable& functions) {
  auto source = std::make_shared<const SourceText>(SourceText{std::string(name), std::string(text), hidden});
  return parse_source(std::move(source), functions);
}

}  // namespace

void TemplateSet::take(const std::vector<std::shared_ptr<const Definition>>& definitions, std::size_t from) {
  for (std::size_t i = from; i < definitions.size(); ++i) {
    auto& entry = definitions_[definitions[i]->name];
    if (entry == nullptr || !definitions[i]->empty()) entry = definitions[i];
  }
}

Result<void> TemplateSet::add(std::string_view name, std::string_view text) {
  auto parsed = parse_text(name, text, 0, *functions_);
  if (!parsed) return parsed.error();
  take(*parsed, 0);
  return {};
}

Result<std::string> TemplateSet::render(std::string_view name, const Value& data, const RenderOptions& options) const {
  const auto found = definitions_.find(name);
  if (found == definitions_.end()) return Error{"template \"" + std::string(name) + "\" not defined"};
  return Executor(*this, options).run(*found->second, data);
}

Result<Template> Template::parse(std::string_view name, std::string_view text,
                                 std::shared_ptr<const FunctionTable> functions) {
  return parse(name, text, TemplateSet(std::move(functions)), 0);
}

Result<Template> Template::parse(std::string_view name, std::string_view text, const TemplateSet& set,
                                 std::size_t hidden) {
  auto parsed = parse_text(name, text, hidden, set.functions());
  if (!parsed) return parsed.error();
  TemplateSet own = set;
  own.take(*parsed, 1);
  return Template(std::move(own), std::move(parsed->front()));
}

Result<std::string> Template::render(const Value& data, const RenderOptions& options) const {
  return Executor(set_, options).run(*root_, data);
}

bool Template::constant() const noexcept {
  return std::all_of(root_->nodes.begin(), root_->nodes.end(), [this](const Node& node) {
    return node.kind == Node::Kind::text || node.span.begin < root_->source->hidden;
  });
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
