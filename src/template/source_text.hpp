// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// From and to which byte of a text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A template's text under its name, which errors quote.
struct SourceText {
  std::string name;
  std::string text;
  std::size_t hidden = 0;  ///< bytes put before what the user wrote

  /// `name:line:column: message`; columns in bytes, from 1.
  Error error(std::size_t offset, std::string_view message) const;
  /// While it was rendered: quotes what was evaluated.
  Error error(Span span, std::string_view message) const;
  std::size_t line(std::size_t offset) const;
};

}  // namespace templates
BELLWETHER_NAMESPACE_END
