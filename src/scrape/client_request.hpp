// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "config/prometheus/http_client_config.hpp"
#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// A request to `url` with what the configuration says of authentication, TLS, proxy, redirects and headers; the rest is left
/// as it is by default. Password, token and header files are read now, so that a new one is taken up by the next request.
///
///     Result<net::HttpRequest> request = make_request(remote.http, remote.url);
///     if (!request) return request.error();            // cannot read password_file ...
///     request->method = "POST";
///
/// Errors name files, never their content. Blocks on the disk. Threads: any.
Result<net::HttpRequest> make_request(const config::HttpClientConfig& client, const std::string& url);

/// `tls_config` as the client takes it.
net::HttpTls request_tls(const config::ClientTlsConfig& tls);

/// The headers alone that the configuration asks for: `Authorization` and http_headers. For who does not use HttpTransport.
Result<std::vector<net::Field>> client_headers(const config::HttpClientConfig& client);

/// Whether `no_proxy` (comma separated: names, .domains, IPs, CIDR, each with an optional port, *) excludes this host.
bool bypasses_proxy(std::string_view no_proxy, std::string_view host, std::string_view port);

}  // namespace scrape
BELLWETHER_NAMESPACE_END
