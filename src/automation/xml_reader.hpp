// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// The attributes of one element, valid during the call that gets them.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char* const* pairs) noexcept : pairs_(pairs) {}

  std::optional<std::string_view> find(std::string_view name) const noexcept;

 private:
  const char* const* pairs_;  // name, value, name, value, null
};

/// Gets the elements of a document in its order. Text between them is nothing to us.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;

  /// `depth` is 1 for the root. An error ends the reading and gets file and line before it.
  virtual Result<void> begin(std::string_view element, const XmlAttributes& attributes, unsigned depth) = 0;
  virtual void end(std::string_view element) = 0;
};

/// What a report may be at most; beyond it, reading ends with an error.
struct XmlLimits {
  std::size_t bytes = std::size_t{64} * 1024 * 1024;
  unsigned depth = 64;
  std::size_t elements = 5'000'000;
};

/// Reads XML as it comes from tools that are not trusted: nothing is fetched (a DOCTYPE may name a DTD, it is not
/// read), own entities are refused, memory does not grow with the document.
///
///     Counter counter;
///     if (auto read = read_xml(text, "report.xml", counter); !read) log(read.error().message);
///     // report.xml:7: mismatched tag
///
/// Threads: as the handler. Errors: with `file` and the line.
Result<void> read_xml(std::string_view text, const std::string& file, XmlHandler& handler,
                      const XmlLimits& limits = {});

}  // namespace automation
BELLWETHER_NAMESPACE_END
