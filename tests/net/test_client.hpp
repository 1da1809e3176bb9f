// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace bellwether::test {

struct ClientResponse {
  int status = 0;                              ///< 0: none came
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;                            ///< chunks put together
  bool complete = false;                       ///< the whole body came
};

/// What a TLS client shows and believes; paths of PEM files.
struct ClientTls {
  std::string ca_file;
  std::string cert_file;
  std::string key_file;
  int max_version = 0;  ///< OpenSSL's constant; 0: any
};

/// A blocking HTTP client that sends exactly the bytes it is told to, however wrong they are.
/// No read waits longer than ten seconds.
class TestClient {
 public:
  explicit TestClient(std::uint16_t port, int receive_buffer = 0);
  /// Shakes hands as well; `tls_error()` tells whether that worked.
  TestClient(std::uint16_t port, const ClientTls& tls);
  ~TestClient();
  TestClient(TestClient&&) noexcept;
  TestClient(const TestClient&) = delete;

  const std::string& tls_error() const { return tls_error_; }

  /// False when the server no longer takes them.
  bool send(std::string_view bytes);

  /// Reads one response; what follows it stays for the next. `head_only`: for HEAD.
  ClientResponse receive(bool head_only = false);

  ClientResponse get(std::string_view path, std::string_view headers = {});

  /// So many bytes, or less when the server closes before.
  std::string read(std::size_t size);

  /// All that comes until the server closes.
  std::string read_to_end();

  /// True when the server closes without another byte.
  bool is_closed_by_server();

  void half_close();
  void close();

 private:
  struct Tls;
  bool fill();

  int socket_ = -1;
  std::unique_ptr<Tls> tls_;
  std::string tls_error_;
  std::string buffer_;
};

/// Asks until it is true, ten seconds at most.
bool eventually(const std::function<bool()>& condition);

}  // namespace bellwether::test
