// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <string_view>

#include "template/arguments.hpp"
#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// What stands between % and the verb.
struct PrintSpec {
  bool minus = false;
  bool plus = false;
  bool sharp = false;
  bool space = false;
  bool zero = false;
  int width = -1;
  int precision = -1;
};

/// Prints values by Go's verbs, one after another, into `out`; stops soon after the longest text, however many values share.
class ValuePrinter {
 public:
  void print(const Value& value, char32_t verb, const PrintSpec& spec);
  bool full() const noexcept { return out.size() > max_text; }

  std::string out;

 private:
  void text(std::string_view text, const Value& value, char32_t verb, const PrintSpec& spec);
  void integer(std::int64_t number, const Value& value, char32_t verb, const PrintSpec& spec);
  void real(const Value& value, char32_t verb, PrintSpec spec);
  void list(const Value& value, char32_t verb, const PrintSpec& spec);
  void map(const Value& value, char32_t verb, const PrintSpec& spec);
  void wrong_verb(const Value& value, char32_t verb);
  void padded(std::string_view text, const PrintSpec& spec);
  void number(std::string_view sign, std::string digits, const PrintSpec& spec);
};

}  // namespace templates
BELLWETHER_NAMESPACE_END
