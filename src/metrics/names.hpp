// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>

// Prometheus's rules for names and text.
// https://prometheus.io/docs/concepts/data_model/ and https://prometheus.io/docs/instrumenting/exposition_formats/

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// [a-zA-Z_:][a-zA-Z0-9_:]*
bool is_legacy_metric_name(std::string_view name) noexcept;
/// [a-zA-Z_][a-zA-Z0-9_]*
bool is_legacy_label_name(std::string_view name) noexcept;

bool is_valid_utf8(std::string_view text) noexcept;
/// Each byte that is not part of valid UTF-8 becomes U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

Result<void> check_metric_name(std::string_view name, bool utf8_names);
Result<void> check_label_name(std::string_view metric, std::string_view name, bool utf8_names);

/// Backslash, double quote and line feed escaped: label values, and names in quotes.
void append_escaped_label_value(std::string& out, std::string_view value);

}  // namespace detail
BELLWETHER_NAMESPACE_END
