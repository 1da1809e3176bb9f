// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "paper/store/temporary_folder.hpp"

namespace bellwether::test {

/// A TCP port of the loopback that is free at the moment.
std::uint16_t free_port();

/// A program as a child; its output goes to a file. It dies with the test, even where that is killed.
class ServerProcess {
 public:
  ServerProcess(std::vector<std::string> arguments, const std::string& output_file);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  void send(int signal) const;
  void kill_now();  ///< kill -9, and waits for its end
  bool is_running();
  int wait();  ///< for its end; what it returned, or -1 when a signal ended it

 private:
  pid_t pid_ = -1;
};

/// A real Redis on a loopback port, without a service of the system.
class RedisServer {
 public:
  explicit RedisServer(std::vector<std::string> settings = {});
  void start();
  void kill_now() { process_->kill_now(); }
  void send(int signal) const { process_->send(signal); }
  std::string url(const std::string& login = "") const;

  static bool is_installed();

 private:
  TemporaryFolder folder_;
  std::uint16_t port_;
  std::vector<std::string> settings_;
  std::unique_ptr<ServerProcess> process_;
};

/// A real PostgreSQL on a loopback port, with a cluster of its own. It refuses to run as root: then it runs as `postgres`, or as
/// `nobody`.
class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  void start();
  void kill_now() { process_->kill_now(); }
  void send(int signal) const { process_->send(signal); }
  std::string url() const;

  static bool is_installed();

 private:
  bool answers() const;

  TemporaryFolder folder_;
  std::uint16_t port_;
  std::string user_;
  std::unique_ptr<ServerProcess> process_;
};

/// A server that does to each connection what it is told; ends with its owner.
class RudeServer {
 public:
  /// `serve(socket, stopping)` is called for each connection, on one thread.
  explicit RudeServer(std::function<void(int socket, const std::atomic<bool>& stopping)> serve);
  ~RudeServer();
  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }

 private:
  std::uint16_t port_ = 0;  // before the listener, which sets it
  int listener_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::thread thread_;
};

}  // namespace bellwether::test
