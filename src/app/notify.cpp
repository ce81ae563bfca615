// SPDX-License-Identifier: EUPL-1.2
#include "app/notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace huiyin::app {

void Notify(std::string_view state) {
  const char* named = std::getenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe)
  if (named == nullptr) return;
  const std::string_view path(named);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';  // one without a file
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  // Whoever does not listen is not told; that is no reason to stop serving.
  [[maybe_unused]] const auto sent = ::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), size);
  ::close(fd);
}

std::optional<std::chrono::milliseconds> WatchdogPeriod() {
  const char* text = std::getenv("WATCHDOG_USEC");  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr) return std::nullopt;
  int64_t usec = 0;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), usec);
  if (error != std::errc() || *end != '\0' || usec < 2000) return std::nullopt;
  return std::chrono::milliseconds(usec / 2000);
}

}  // namespace huiyin::app
