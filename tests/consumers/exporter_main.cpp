// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// A user's program: it serves a metric over HTTP, fetches its own page, and sees a port in use as an error.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bellwether/exporter.hpp>
#include <bellwether/registry.hpp>
#include <cstdint>
#include <iostream>
#include <string>

namespace {

std::string fetch(std::uint16_t port, const std::string& path) {
  const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (::send(connection, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
      char part[4096];
      for (ssize_t length; (length = ::recv(connection, part, sizeof part, 0)) > 0;) {
        answer.append(part, static_cast<std::size_t>(length));
      }
    }
  }
  ::close(connection);
  return answer;
}

}  // namespace

int main() {
  bellwether::Registry registry;
  registry.counter("orders_total", "Orders sent to the venue.").value().inc(3);

  const auto exporter = bellwether::Exporter::start(registry, {.port = 0});
  if (!exporter) {
    std::cerr << exporter.error().message << '\n';
    return 1;
  }
  const std::string page = fetch(exporter->port(), "/metrics");
  std::cout << page;

  const auto second = bellwether::Exporter::start(registry, {.port = exporter->port()});
  if (!second) std::cout << "refused, as it should be: " << second.error().message << '\n';
  return !second && page.starts_with("HTTP/1.1 200") && page.find("orders_total 3") != std::string::npos ? 0 : 1;
}
