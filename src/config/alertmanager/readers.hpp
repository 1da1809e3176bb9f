// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "config/alertmanager/notifier_config.hpp"
#include "config/prometheus/section_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

// How the sections of alertmanager.yml and bellwether.yml are read; one source a section.

using Names = std::set<std::string, std::less<>>;

void read_notifier_global(const YamlNode& node, ReadContext& context, NotifierGlobal& global);
ReceiverConfig read_receiver(const YamlNode& node, ReadContext& context, const NotifierGlobal& global,
                             const NotifierEnvironment& environment);
SlackConfig read_slack(const YamlNode& node, ReadContext& context, const NotifierGlobal& global);
EmailConfig read_email(const YamlNode& node, ReadContext& context, const NotifierGlobal& global);
TimeInterval read_time_interval(const YamlNode& node, ReadContext& context);
RouteConfig read_route(const YamlNode& node, ReadContext& context, const Names& receivers, const Names& intervals);
/// What only the root of all routes must and must not have.
void check_root_route(const YamlNode& node, ReadContext& context, const RouteConfig& root);
InhibitRule read_inhibit_rule(const YamlNode& node, ReadContext& context);
void read_extensions(const YamlNode& root, ReadContext& context, const Names& receivers,
                     NotifierExtensions& extensions);

// Of many sections.

/// Both stand: an error at the second.
void exclude_keys(SectionReader& section, std::string_view first, std::string_view second);
/// An error where the duration is 0.
bool read_positive(SectionReader& section, std::string_view key, std::chrono::milliseconds& into);
bool read_optional(SectionReader& section, std::string_view key, std::optional<std::string>& into);
void read_texts(SectionReader& section, std::string_view key, TemplateTexts& into);
/// `http_config`; absent: as it is.
void read_http_config(SectionReader& section, HttpClientConfig& http);
void read_tls_config(SectionReader& section, std::string_view key, ClientTlsConfig& tls);
/// `http://` or `https://` and a host.
bool read_url(SectionReader& section, std::string_view key, std::string& into);
bool read_secret_url(SectionReader& section, std::string_view key, Secret& into);
/// A secret under `key`, or the path of its file under `file_key`; not both. The keys must outlive the section.
void read_secret_or_file(SectionReader& section, std::string_view key, std::string_view file_key, Secret& secret,
                         std::string& file);
/// A list of matchers, each one or more.
void read_matchers(SectionReader& section, std::string_view key, std::vector<LabelMatcher>& into);
void read_host_and_port(SectionReader& section, std::string_view key, HostAndPort& into);
void check_label_names(SectionReader& section, std::string_view key, const std::vector<std::string>& names);
/// An error at the key where the name is none of these.
void check_known(SectionReader& section, std::string_view key, std::string_view what, const std::string& name,
                 const Names& names);

/// The variable stands in where there is neither secret nor a file of that name.
void fill_in(Secret& secret, std::string& file, const Secret& variable);

}  // namespace config
BELLWETHER_NAMESPACE_END
