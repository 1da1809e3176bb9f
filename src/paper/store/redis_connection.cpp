// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/redis_connection.hpp"

#include <hiredis/hiredis.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

// What a server may make us hold: more is no answer to any of our questions.
constexpr std::size_t max_reply_bytes = 64U << 20U;
constexpr std::size_t max_list = 1'000'000;

/// hiredis would allocate whatever a server announces. A template, because versions differ in the type of the count.
template <typename Count>
void* create_list(const redisReadTask* task, Count elements);

redisReplyObjectFunctions& bounded_functions() {
  static redisReplyObjectFunctions functions = [] {
    redisReader* reader = redisReaderCreate();
    redisReplyObjectFunctions copy = reader == nullptr ? redisReplyObjectFunctions{} : *reader->fn;
    redisReaderFree(reader);
    return copy;
  }();
  return functions;
}

using CreateArray = decltype(redisReplyObjectFunctions::createArray);
CreateArray& create_any_list() {
  static CreateArray function = bounded_functions().createArray;
  return function;
}

template <typename Count>
void* create_list(const redisReadTask* task, Count elements) {
  if (static_cast<std::size_t>(elements) > max_list) return nullptr;  // the reader says "out of memory"
  return create_any_list()(task, elements);
}

redisReader* make_reader() {
  static const bool bounded = [] {
    create_any_list();  // keeps the original
    bounded_functions().createArray = create_list;
    return true;
  }();
  redisReader* reader = bounded ? redisReaderCreate() : nullptr;
  if (reader != nullptr) reader->fn = &bounded_functions();
  return reader;
}

RedisReply copy_of(const redisReply& reply) {
  RedisReply copy;
  const auto text = [&] { return std::string(reply.str, static_cast<std::size_t>(reply.len)); };
  switch (reply.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      copy.kind = RedisReply::Kind::text;
      copy.text = text();
      break;
    case REDIS_REPLY_ERROR:
      copy.kind = RedisReply::Kind::error;
      copy.text = text();
      break;
    case REDIS_REPLY_INTEGER:
      copy.kind = RedisReply::Kind::number;
      copy.number = reply.integer;
      break;
    case REDIS_REPLY_ARRAY:
      copy.kind = RedisReply::Kind::list;
      for (std::size_t index = 0; index < reply.elements; ++index) copy.list.push_back(copy_of(*reply.element[index]));
      break;
    default:
      break;
  }
  return copy;
}

Error failed(const std::string& who, const char* doing, int code) {
  return {std::string(doing) + " " + who + ": " + std::generic_category().message(code)};
}

/// 0, or why there is no connection.
Result<void> finish_connect(int socket, const addrinfo& address, Deadline deadline, const std::string& who) {
  if (::connect(socket, address.ai_addr, address.ai_addrlen) == 0) return {};
  if (errno != EINPROGRESS) return failed(who, "cannot connect to", errno);
  if (const auto ready = wait_for_socket(socket, {.write = true}, deadline, who); !ready) return ready.error();
  int code = 0;
  socklen_t size = sizeof code;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size) != 0) code = errno;
  if (code != 0) return failed(who, "cannot connect to", code);
  return {};
}

}  // namespace

void RedisConnection::Free::operator()(redisReader* reader) const noexcept {
  redisReaderFree(reader);
}

RedisConnection::RedisConnection(int socket, std::string who)
    : socket_(socket), who_(std::move(who)), reader_(make_reader()) {}

RedisConnection::~RedisConnection() {
  ::close(socket_);
}

Result<std::unique_ptr<RedisConnection>> RedisConnection::open(const RedisAddress& address, Deadline deadline) {
  const std::string who = "redis at " + address.host + ":" + address.port;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found); code != 0) {
    return Error{"cannot find " + who + ": " + ::gai_strerror(code)};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  Error last{"cannot find " + who};
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const int socket = ::socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) {
      last = failed(who, "cannot connect to", errno);
      continue;
    }
    std::unique_ptr<RedisConnection> connection(new RedisConnection(socket, who));
    if (connection->reader_ == nullptr) return Error{"cannot connect to " + who + ": memory is short"};
    const Result<void> connected = finish_connect(socket, *each, deadline, who);
    if (connected) {
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return connection;
    }
    last = connected.error();
  }
  return last;
}

void RedisConnection::add(std::initializer_list<std::string_view> words) {
  outgoing_ += "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string_view word : words) {
    outgoing_ += "$" + std::to_string(word.size()) + "\r\n";
    outgoing_.append(word).append("\r\n");
  }
  ++commands_;
}

Result<std::vector<RedisReply>> RedisConnection::exchange(Deadline deadline) {
  received_ = 0;
  std::vector<RedisReply> replies;
  while (replies.size() < commands_) {
    RedisReply reply;
    const Result<bool> read = read_reply(reply);
    if (!read) return read.error();
    if (*read) {
      replies.push_back(std::move(reply));
      continue;
    }
    const auto ready = wait_for_socket(socket_, {.read = true, .write = sent_ < outgoing_.size()}, deadline, who_);
    if (!ready) return ready.error();
    if (ready->write && sent_ < outgoing_.size()) {
      if (Result<void> part = send_part(); !part) return part.error();
    }
    if (ready->read) {
      if (Result<void> part = receive_part(); !part) return part.error();
    }
  }
  if (sent_ < outgoing_.size()) return Error{who_ + " answered what it was not asked"};
  outgoing_.clear();
  sent_ = commands_ = 0;
  return replies;
}

Result<bool> RedisConnection::read_reply(RedisReply& reply) {
  void* read = nullptr;
  if (redisReaderGetReply(reader_.get(), &read) != REDIS_OK) {
    return Error{who_ + " does not speak Redis: " + reader_->errstr};
  }
  if (read == nullptr) return false;
  const std::unique_ptr<void, decltype(&freeReplyObject)> owner(read, &freeReplyObject);
  reply = copy_of(*static_cast<const redisReply*>(read));
  return true;
}

Result<void> RedisConnection::send_part() {
  const ssize_t count = ::send(socket_, outgoing_.data() + sent_, outgoing_.size() - sent_, MSG_NOSIGNAL);
  if (count >= 0) {
    sent_ += static_cast<std::size_t>(count);
  } else if (errno != EAGAIN && errno != EINTR) {
    return failed(who_, "cannot send to", errno);
  }
  return {};
}

Result<void> RedisConnection::receive_part() {
  std::array<char, 65'536> part;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by recv
  const ssize_t count = ::recv(socket_, part.data(), part.size(), 0);
  if (count == 0) return Error{who_ + " closed the connection"};
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) return {};
    return failed(who_, "cannot read from", errno);
  }
  received_ += static_cast<std::size_t>(count);
  if (received_ > max_reply_bytes) {
    return Error{who_ + " sent more than " + std::to_string(max_reply_bytes) + " bytes in one answer"};
  }
  if (redisReaderFeed(reader_.get(), part.data(), static_cast<std::size_t>(count)) != REDIS_OK) {
    return Error{who_ + " does not speak Redis: " + reader_->errstr};
  }
  return {};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
