// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace bellwether::test {

/// Certificates made on the spot in a temporary folder, which goes with it: an authority, a server's and a client's
/// certificate by it, and a client's by a stranger. The server's is for 127.0.0.1 and localhost.
class TestCertificates {
 public:
  TestCertificates();
  ~TestCertificates();
  TestCertificates(const TestCertificates&) = delete;
  TestCertificates& operator=(const TestCertificates&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string ca() const { return path("ca.pem"); }
  std::string server_cert() const { return path("server.pem"); }
  std::string server_key() const { return path("server.key"); }
  std::string client_cert() const { return path("client.pem"); }
  std::string client_key() const { return path("client.key"); }
  std::string stranger_cert() const { return path("stranger.pem"); }
  std::string stranger_key() const { return path("stranger.key"); }
  /// The server's key under a password.
  std::string encrypted_key() const { return path("encrypted.key"); }

  /// Writes a file into the folder and gives its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace bellwether::test
