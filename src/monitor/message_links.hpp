// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "notify/notification.hpp"
#include "notify/receivers/message_templates.hpp"
#include "notify/signed_link.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

/// The links of a message that allow to silence what it tells of, or to say that one looks after it, without a login, until the
/// lifetime ends. API v2's pages open them. Nothing where the monitor's own address is not known.
///
/// Silenced is what has all labels that the message's alerts have in common; acknowledged is the message's group, or its only
/// alert.
notify::MessageLinks message_links(const notify::Notification& notification, const notify::LinkSigner& signer,
                                   std::chrono::milliseconds lifetime);

}  // namespace monitor
BELLWETHER_NAMESPACE_END
