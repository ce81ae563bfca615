// SPDX-License-Identifier: EUPL-1.2
// Tells whoever started the program (systemd, Type=notify) how it is: one datagram to the socket
// in $NOTIFY_SOCKET. Without one, nothing is told.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace huiyin::app {

// "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=..."; several are parted by line feeds.
void Notify(std::string_view state);
// How often one has to say WATCHDOG=1 so as not to be started anew; absent when nobody watches.
std::optional<std::chrono::milliseconds> WatchdogPeriod();

}  // namespace huiyin::app
