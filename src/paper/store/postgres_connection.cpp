// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/postgres_connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "paper/store/libpq.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

/// libpq's texts come in lines; ours are one.
std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::vector<const char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  pointers.reserve(texts.size());
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  return pointers;
}

}  // namespace

void PostgresRows::Clear::operator()(pg_result* result) const noexcept {
  libpq().clear(result);
}

std::size_t PostgresRows::size() const {
  return static_cast<std::size_t>(libpq().ntuples(result_.get()));
}

std::string_view PostgresRows::text(std::size_t row, int column) const {
  const int index = static_cast<int>(row);
  const char* value = libpq().getvalue(result_.get(), index, column);
  if (value == nullptr) return {};
  return {value, static_cast<std::size_t>(libpq().getlength(result_.get(), index, column))};
}

std::int64_t PostgresRows::integer(std::size_t row, int column) const {
  std::int64_t value = 0;
  const std::string_view digits = text(row, column);
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

double PostgresRows::number(std::size_t row, int column) const {
  double value = std::numeric_limits<double>::quiet_NaN();
  const std::string_view digits = text(row, column);
  std::from_chars(digits.data(), digits.data() + digits.size(), value);  // knows "Infinity" and "NaN"
  return value;
}

std::size_t PostgresRows::affected() const {
  std::size_t value = 0;
  const std::string_view digits = libpq().cmd_tuples(result_.get());
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

void PostgresConnection::Finish::operator()(pg_conn* connection) const noexcept {
  libpq().finish(connection);
}

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const std::string& url, const std::string& who,
                                                                     Deadline deadline) {
  if (!libpq().is_loaded) return Error{"cannot connect to " + who + ": libpq.so.5 cannot be loaded; install libpq5"};
  // Later ones win over what the URL says.
  const std::array<const char*, 5> names{"fallback_application_name", "dbname", "client_encoding", "tcp_user_timeout",
                                         nullptr};
  const std::array<const char*, 5> values{"bellwether", url.c_str(), "UTF8", "10000", nullptr};
  std::unique_ptr<PostgresConnection> connection(
      new PostgresConnection(libpq().connect_start_params(names.data(), values.data(), 1), who));
  if (connection->connection_ == nullptr) return Error{"cannot connect to " + who + ": memory is short"};
  if (Result<void> connected = connection->connect(deadline); !connected) return connected.error();
  return connection;
}

Result<void> PostgresConnection::connect(Deadline deadline) {
  pg_conn* const connection = connection_.get();
  libpq().set_notice_processor(
      connection, [](void*, const char*) {}, nullptr);  // else they go to our standard error
  if (libpq().status(connection) == CONNECTION_BAD) return failed("connect to");
  PostgresPollingStatusType wish = PGRES_POLLING_WRITING;
  while (wish != PGRES_POLLING_OK) {
    if (wish == PGRES_POLLING_FAILED) return failed("connect to");
    const auto ready = wait_for_socket(libpq().socket(connection),
                                       {.read = wish == PGRES_POLLING_READING, .write = wish == PGRES_POLLING_WRITING},
                                       deadline, who_);
    if (!ready) return ready.error();
    wish = libpq().connect_poll(connection);
  }
  if (libpq().setnonblocking(connection, 1) != 0) return failed("connect to");
  return {};
}

Result<PostgresRows> PostgresConnection::run(const std::string& statement, Deadline deadline,
                                             const std::vector<std::string>& parameters) {
  if (parameters.empty()) return answer(libpq().send_query(connection_.get(), statement.c_str()) == 1, deadline);
  const auto values = pointers_to(parameters);
  return answer(libpq().send_query_params(connection_.get(), statement.c_str(), static_cast<int>(values.size()),
                                          nullptr, values.data(), nullptr, nullptr, 0) == 1,
                deadline);
}

Result<void> PostgresConnection::prepare(const std::string& name, const std::string& statement, Deadline deadline) {
  const auto prepared =
      answer(libpq().send_prepare(connection_.get(), name.c_str(), statement.c_str(), 0, nullptr) == 1, deadline);
  if (!prepared) return prepared.error();
  return {};
}

Result<PostgresRows> PostgresConnection::run_prepared(const std::string& name, Deadline deadline,
                                                      const std::vector<std::string>& parameters) {
  const auto values = pointers_to(parameters);
  return answer(libpq().send_query_prepared(connection_.get(), name.c_str(), static_cast<int>(values.size()),
                                            values.data(), nullptr, nullptr, 0) == 1,
                deadline);
}

/// Sends what is still to be sent, and reads until the server is ready for the next. Of several answers the last one; an error
/// wins over it.
Result<PostgresRows> PostgresConnection::answer(bool sent, Deadline deadline) {
  pg_conn* const connection = connection_.get();
  state_.clear();
  if (!sent) return lost(failed("ask"));
  PostgresRows last;
  std::optional<Error> error;
  for (;;) {
    const int unsent = libpq().flush(connection);
    if (unsent < 0) return lost(failed("send to"));
    if (unsent == 0 && libpq().is_busy(connection) == 0) {
      pg_result* const result = libpq().get_result(connection);
      if (result == nullptr) break;
      PostgresRows rows(result);
      switch (libpq().result_status(result)) {
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK:
          last = std::move(rows);
          break;
        case PGRES_FATAL_ERROR: {
          const char* state = libpq().result_error_field(result, PG_DIAG_SQLSTATE);
          if (!error) {
            state_ = state == nullptr ? "" : state;
            error = Error{who_ + ": " + one_line(libpq().result_error_message(result))};
          }
          break;
        }
        default:
          return lost({who_ + " gave an answer that does not belong to the question"});
      }
      continue;
    }
    const auto ready = wait_for_socket(libpq().socket(connection), {.read = true, .write = unsent > 0}, deadline, who_);
    if (!ready) return lost(ready.error());
    if (ready->read && libpq().consume_input(connection) == 0) return lost(failed("read from"));
  }
  if (error) return *error;
  return last;
}

Error PostgresConnection::lost(const Error& error) {
  lost_ = true;
  state_.clear();
  return error;
}

Error PostgresConnection::failed(std::string_view doing) const {
  return {"cannot " + std::string(doing) + " " + who_ + ": " + one_line(libpq().error_message(connection_.get()))};
}

bool PostgresConnection::is_usable() const {
  return !lost_ && libpq().status(connection_.get()) == CONNECTION_OK;
}

Result<std::string> postgres_target(const std::string& url) {
  if (!libpq().is_loaded) return Error{"PostgreSQL needs libpq.so.5, which cannot be loaded: install libpq5"};
  char* why = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(libpq().conninfo_free)> options(
      libpq().conninfo_parse(url.c_str(), &why), libpq().conninfo_free);
  if (options == nullptr) {
    const std::unique_ptr<char, decltype(libpq().freemem)> owner(why, libpq().freemem);
    // libpq's reason may show a part of the URL, and the URL may hold a password.
    return Error{"the PostgreSQL URL is refused; write postgresql://user:password@host:port/database"};
  }
  std::string host;
  std::string port = "5432";
  std::string database;
  for (const PQconninfoOption* each = options.get(); each->keyword != nullptr; ++each) {
    if (each->val == nullptr) continue;
    const std::string_view name = each->keyword;
    if (name == "host" || (name == "hostaddr" && host.empty())) host = each->val;
    if (name == "port") port = each->val;
    if (name == "dbname") database = each->val;
  }
  if (host.empty())
    return Error{"the PostgreSQL URL is refused: it names no host, as in postgresql://127.0.0.1:5432/desk"};
  return host + ":" + port + "/" + database;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
