// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "config/web_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// The server's side of TLS as the web configuration asks for it. Reads the certificate, the key and the clients'
/// authority from disk, once; errors name the file. An encrypted key is refused: nobody is there to type its password.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls_context(const config::TlsServerConfig& config);

}  // namespace net
BELLWETHER_NAMESPACE_END
