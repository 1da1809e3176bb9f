// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "paper/store/socket_wait.hpp"

struct pg_conn;
struct pg_result;

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The rows that a statement gave.
class PostgresRows {
 public:
  explicit PostgresRows(pg_result* result = nullptr) : result_(result) {}

  std::size_t size() const;
  std::string_view text(std::size_t row, int column) const;  ///< as long as the rows live; NULL is ""
  std::int64_t integer(std::size_t row, int column) const;   ///< 0 where it is none
  double number(std::size_t row, int column) const;          ///< NaN where it is none
  std::size_t affected() const;                              ///< rows that an insert wrote

 private:
  struct Clear {
    void operator()(pg_result* result) const noexcept;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

/// A connection to a PostgreSQL that waits for no answer beyond its deadline.
///
/// After an error of the connection (`is_usable` false) the outcome of the last statement is unknown.
///
/// Threads: use from one at a time.
class PostgresConnection {
 public:
  /// `url`: see PostgresJournalOptions.
  static Result<std::unique_ptr<PostgresConnection>> open(const std::string& url, const std::string& who,
                                                          Deadline deadline);

  /// One statement, or several without parameters in one transaction. Parameters $1, $2... as texts.
  Result<PostgresRows> run(const std::string& statement, Deadline deadline,
                           const std::vector<std::string>& parameters = {});
  Result<void> prepare(const std::string& name, const std::string& statement, Deadline deadline);
  Result<PostgresRows> run_prepared(const std::string& name, Deadline deadline,
                                    const std::vector<std::string>& parameters);

  /// The last error is about the data itself (SQLSTATE classes 22 and 23): it does not pass with time.
  bool refused_data() const { return state_.starts_with("22") || state_.starts_with("23"); }
  bool is_usable() const;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };

  PostgresConnection(pg_conn* connection, std::string who) : connection_(connection), who_(std::move(who)) {}
  Result<void> connect(Deadline deadline);
  Result<PostgresRows> answer(bool sent, Deadline deadline);
  Error lost(const Error& error);
  Error failed(std::string_view doing) const;

  std::unique_ptr<pg_conn, Finish> connection_;
  std::string who_;
  std::string state_;  // SQLSTATE of the last error; empty: none, or of the connection
  bool lost_ = false;
};

/// "127.0.0.1:5432/desk" of a URL that libpq understands; an error says why it does not.
Result<std::string> postgres_target(const std::string& url);

}  // namespace paper
BELLWETHER_NAMESPACE_END
