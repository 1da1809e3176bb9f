// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/source_text.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

std::size_t SourceText::line(std::size_t offset) const {
  const std::string_view before = std::string_view(text).substr(0, offset);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

Error SourceText::error(std::size_t offset, std::string_view message) const {
  offset = std::min(offset, text.size());
  const std::size_t end_of_line_before = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
  std::size_t column = end_of_line_before == std::string::npos ? offset + 1 : offset - end_of_line_before;
  if (end_of_line_before == std::string::npos) column -= std::min(hidden, column - 1);
  return Error{name + ":" + std::to_string(line(offset)) + ":" + std::to_string(column) + ": " + std::string(message)};
}

Error SourceText::error(Span span, std::string_view message) const {
  constexpr std::size_t longest = 60;
  std::string quoted = text.substr(span.begin, std::min(span.end - span.begin, longest));
  if (span.end - span.begin > longest) quoted += "…";
  return error(span.begin, "<" + quoted + ">: " + std::string(message));
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
