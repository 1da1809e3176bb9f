// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "template/alertmanager_functions.hpp"
#include "template/prometheus_functions.hpp"

/// Any bytes give an error with the template's name, or a template that renders within its limits or says why not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace templates = bellwether::templates;
  using Labels = std::map<std::string, std::string>;
  const std::string text(reinterpret_cast<const char*>(data), size);
  templates::RenderOptions options;
  options.limits = {.output_bytes = 10'000, .steps = 10'000, .depth = 20};
  const templates::Value of_rule = templates::rule_data(Labels{{"a", "b"}}, Labels{}, "http://x", 1.5);
  const auto rule = templates::parse_rule_text("fuzz", text);
  if (!rule && !rule.error().message.starts_with("fuzz:")) std::abort();
  if (rule) (void)rule->render(of_rule, options);
  const auto functions = templates::bind_alertmanager_functions(1'750'000'000'000);
  options.functions = &functions;
  options.escaping = templates::Escaping::html;
  const auto message = templates::Template::parse("fuzz", text, templates::alertmanager_functions());
  if (!message) return 0;
  const auto rendered = message->render(of_rule, options);
  if (rendered && rendered->size() > options.limits.output_bytes) std::abort();
  return 0;
}
