// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/junit_report.hpp"

#include <fmt/format.h>

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

enum class Outcome : std::uint8_t { pass, skipped, fail, error };  // the worse, the later

class JunitHandler final : public XmlHandler {
 public:
  Result<void> begin(std::string_view element, const XmlAttributes& attributes, unsigned depth) override {
    if (depth == 1 && element != "testsuites" && element != "testsuite") {
      return Error{fmt::format("the root element is <{}>; JUnit has <testsuites> or <testsuite>", element)};
    }
    if (in_case_ == 0 && element == "testcase") {
      in_case_ = depth;
      outcome_ = stated(attributes);
    } else if (in_case_ != 0 && depth == in_case_ + 1) {
      if (element == "skipped" || element == "disabled") worse(Outcome::skipped);
      if (element == "failure") worse(Outcome::fail);
      if (element == "error") worse(Outcome::error);
    }
    depth_ = depth;
    return {};
  }

  void end(std::string_view) override {
    if (in_case_ != 0 && depth_ == in_case_) {
      count();
      in_case_ = 0;
    }
    --depth_;
  }

  const TestCounts& counts() const noexcept { return counts_; }

 private:
  /// ctest and GoogleTest say in an attribute what was not run.
  static Outcome stated(const XmlAttributes& attributes) {
    const std::string_view status = attributes.find("status").value_or("");
    const std::string_view result = attributes.find("result").value_or("");
    if (status == "fail") return Outcome::fail;
    const bool left_out = status == "notrun" || status == "disabled" || result == "skipped" || result == "suppressed";
    return left_out ? Outcome::skipped : Outcome::pass;
  }

  void worse(Outcome outcome) { outcome_ = std::max(outcome_, outcome); }

  void count() {
    switch (outcome_) {
      case Outcome::pass:
        ++counts_.pass;
        break;
      case Outcome::skipped:
        ++counts_.skipped;
        break;
      case Outcome::fail:
        ++counts_.fail;
        break;
      case Outcome::error:
        ++counts_.error;
        break;
    }
  }

  TestCounts counts_;
  Outcome outcome_ = Outcome::pass;
  unsigned depth_ = 0;
  unsigned in_case_ = 0;  // the depth of the test case that is open, 0: none
};

}  // namespace

Result<TestCounts> read_junit(std::string_view text, const std::string& file, const XmlLimits& limits) {
  JunitHandler handler;
  if (auto read = read_xml(text, file, handler, limits); !read) return read.error();
  return handler.counts();
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
