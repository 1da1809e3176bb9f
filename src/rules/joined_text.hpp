// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <initializer_list>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// One text of several, without the texts in between that + makes.
inline std::string joined_text(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
