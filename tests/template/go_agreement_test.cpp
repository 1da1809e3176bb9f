// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "template/template.hpp"

namespace {

using namespace bellwether::templates;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

Value data() {
  return Value::map({{"Name", "Ann"},
                     {"N", 3},
                     {"F", 0.5},
                     {"T", true},
                     {"Nothing", Value()},
                     {"Labels", Value::labels(std::map<std::string, std::string>{{"venue", "x"}, {"job", "desk"}})},
                     {"Items", Value::list({"a", "b", "c"})},
                     {"Empty", Value::list({})},
                     {"Numbers", Value::list({1, 2, 3})},
                     {"Nested", Value::map({{"A", Value::map({{"B", "deep"}})}})}});
}

std::string outcome(const std::string& text) {
  const auto parsed = Template::parse("t", text, std::make_shared<const FunctionTable>());
  if (!parsed) {
    EXPECT_TRUE(parsed.error().message.starts_with("t:")) << parsed.error().message;
    return "REFUSED";
  }
  const auto rendered = parsed->render(data());
  if (!rendered) {
    EXPECT_TRUE(rendered.error().message.starts_with("t:")) << rendered.error().message;
    return "FAILED";
  }
  return *rendered;
}

/// Each line: a template and what Go 1.26's text/template makes of it (with missingkey=zero).
TEST(GoAgreement, every_case_renders_as_in_go) {
  std::ifstream file(BELLWETHER_SOURCE_DIR "/tests/template/go_cases.tsv");
  std::string line;
  std::size_t cases = 0;
  while (std::getline(file, line)) {
    const std::size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos);
    std::string text = line.substr(0, tab);
    if (text.find_first_of("\"`'") == std::string::npos) text = replaced(replaced(text, "\\n", "\n"), "\\t", "\t");
    const std::string got = replaced(replaced(replaced(outcome(text), "\\", "\\\\"), "\n", "\\n"), "\t", "\\t");
    EXPECT_EQ(got, line.substr(tab + 1)) << text;
    ++cases;
  }
  EXPECT_GT(cases, 140U);
}

}  // namespace
