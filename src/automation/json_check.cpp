// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <boost/json/basic_parser_impl.hpp>
#include <boost/system/error_code.hpp>

#include "automation/provider_client.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

/// Takes all and keeps nothing: only whether the text is JSON matters.
struct Nothing {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  using Code = boost::system::error_code;
  using Text = boost::json::string_view;
  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return true; }
  bool on_object_end(std::size_t, Code&) { return true; }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t, Code&) { return true; }
  bool on_key_part(Text, std::size_t, Code&) { return true; }
  bool on_key(Text, std::size_t, Code&) { return true; }
  bool on_string_part(Text, std::size_t, Code&) { return true; }
  bool on_string(Text, std::size_t, Code&) { return true; }
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t, Text, Code&) { return true; }
  bool on_uint64(std::uint64_t, Text, Code&) { return true; }
  bool on_double(double, Text, Code&) { return true; }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }
};

}  // namespace

Result<void> check_json(const net::HttpResponse& response) {
  boost::json::parse_options options;
  options.max_depth = 64;
  boost::json::basic_parser<Nothing> parser{options};
  boost::system::error_code code;
  const std::size_t read = parser.write_some(false, response.body.data(), response.body.size(), code);
  if (!code && parser.done() && response.body.find_first_not_of(" \t\r\n", read) == std::string::npos) return {};
  return Error{"the answer is not JSON"};
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
