// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/prometheus/section_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// Reads the keys that all HTTP clients share out of the section they stand in.
void read_http_client(SectionReader& section, HttpClientConfig& client);

/// One `tls_config` alone, as that of SMTP.
ClientTlsConfig read_client_tls(const YamlNode& node, ReadContext& context);

/// Notes an error where the URL is not http://host or https://host, or holds a password.
void check_url(SectionReader& section, std::string_view key, const std::string& url);

/// Whether a header of this name is ours or another key's to send.
bool is_reserved_header(std::string_view name);
bool is_header_name(std::string_view name);
bool is_header_value(std::string_view value);

}  // namespace config
BELLWETHER_NAMESPACE_END
