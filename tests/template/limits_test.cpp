// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "template/alertmanager_functions.hpp"

namespace {

using namespace bellwether::templates;

std::string failure(const std::string& text, const RenderLimits& limits = {.output_bytes = 20'000, .steps = 20'000}) {
  const auto parsed = Template::parse("t", text, alertmanager_functions());
  if (!parsed) return parsed.error().message;
  RenderOptions options;
  options.limits = limits;
  const auto rendered = parsed->render(Value::map({}), options);
  return rendered ? "" : rendered.error().message;
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

TEST(TemplateLimits, no_template_runs_long_or_prints_much) {
  EXPECT_TRUE(says(failure("{{ range 9000000 }}{{ end }}"), "steps"));
  EXPECT_TRUE(says(failure("{{ range 9000000 }}a{{ end }}", {.output_bytes = 1000}), "longer than 1000 bytes"));
  EXPECT_TRUE(says(failure("{{ range 1000 }}{{ range 1000 }}{{ range 1000 }}{{ end }}{{ end }}{{ end }}"), "steps"));
  EXPECT_TRUE(says(failure("{{ define \"r\" }}{{ template \"r\" . }}{{ end }}{{ template \"r\" . }}"), "deep"));
  EXPECT_TRUE(says(failure("{{ printf \"%1000000d%1000000d%1000000d%1000000d%1000000d\" 1 2 3 4 5 }}"), "longer"));
}

TEST(TemplateLimits, values_on_the_way_do_not_grow_without_end) {
  EXPECT_TRUE(says(failure("{{ $x := \"aaaaaaaa\" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}"), "bytes"));
  EXPECT_TRUE(says(failure("{{ $x := list 1 }}{{ range 1000 }}{{ $x = list $x $x }}{{ end }}{{ $x }}"), "deep"));
  EXPECT_TRUE(says(failure("{{ $x := list 1 }}{{ range 90 }}{{ $x = list $x $x }}{{ end }}{{ $x }}"), "bytes"));
  EXPECT_TRUE(says(failure("{{ $x := list 1 }}{{ range 90 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}"), "bytes"));
  EXPECT_TRUE(
      says(failure("{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ printf \"%d\" $x }}"), "longer"));
  EXPECT_TRUE(says(failure("{{ $x := list }}{{ range 99999 }}{{ $x = append $x 1 }}{{ end }}"), "bytes"));
  EXPECT_TRUE(
      says(failure("{{ $x := \"a\" }}{{ range 20 }}{{ $x = reReplaceAll \"a\" \"aaaa\" $x }}{{ end }}"), "bytes"));
}

TEST(TemplateLimits, nesting_is_refused_before_it_is_deep) {
  std::string blocks;
  for (int i = 0; i < 5000; ++i) blocks += "{{if 1}}";
  EXPECT_TRUE(says(failure(blocks), "200 blocks"));
  EXPECT_TRUE(says(failure("{{" + std::string(5000, '(') + "1" + std::string(5000, ')') + "}}"), "200 blocks"));
  std::string chain = "{{if 0}}";
  for (int i = 0; i < 5000; ++i) chain += "{{else if 0}}";
  EXPECT_TRUE(says(failure(chain + "{{end}}"), "200 blocks"));
  std::string deep = "{{define \"r\"}}";
  for (int i = 0; i < 150; ++i) deep += "{{if 1}}";
  deep += "{{template \"r\"}}";
  for (int i = 0; i < 150; ++i) deep += "{{end}}";
  EXPECT_TRUE(says(failure(deep + "{{end}}{{template \"r\"}}"), "1000 deep"));
  EXPECT_TRUE(says(failure(std::string(std::size_t{2} << 20, 'a')), "1 MiB"));
}

TEST(TemplateLimits, what_is_missing_or_of_another_kind_is_named) {
  EXPECT_TRUE(says(failure("{{ now }}"), "no time here"));
  EXPECT_TRUE(says(failure("{{ dict 1 2 }}"), "expected string"));
}

}  // namespace
