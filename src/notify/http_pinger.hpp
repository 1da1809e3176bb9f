// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "config/alertmanager/notifier_extensions.hpp"
#include "notify/receivers/http_sender.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// What `NotifierOptions::ping` needs: asks the watchdog's URL and forgets it. A ping that fails is told to `log`, without the URL,
/// which is a secret: the service that misses it raises the alarm.
///
///     options.ping = http_pinger(std::make_shared<AsyncHttpSender>(), log);
///
/// Threads: any. Blocks for the file of the URL alone.
std::function<void(const config::WatchdogConfig&)> http_pinger(std::shared_ptr<HttpSender> sender,
                                                               std::function<void(std::string_view)> log);

}  // namespace notify
BELLWETHER_NAMESPACE_END
