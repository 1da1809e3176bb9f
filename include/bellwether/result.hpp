// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

BELLWETHER_NAMESPACE_BEGIN

/// What went wrong, in words a user can act on: what was refused, why, and what would be accepted.
struct Error {
  std::string message;

  friend bool operator==(const Error&, const Error&) = default;
};

/// Thrown by `Result::value()` on an error, and by constructors that cannot return one.
class Exception : public std::runtime_error {
 public:
  explicit Exception(const Error& error) : std::runtime_error(error.message) {}
};

/// A value or the reason there is none.
///
///     Result<Counter> orders = registry.counter("orders_total", "Orders sent to the venue.");
///     if (!orders) log(orders.error().message);
///
/// `value()` turns an error into an exception: the short form for constructors, where a metric with
/// a wrong name is a programming error that should stop the start of the process.
///
///     Counter orders = registry.counter("orders_total", "Orders sent to the venue.").value();
///
/// Threads: a plain value. Allocation: only the text of an error.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool has_value() const noexcept { return content_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /// Requires `has_value()`.
  T& operator*() & noexcept { return *std::get_if<0>(&content_); }
  const T& operator*() const& noexcept { return *std::get_if<0>(&content_); }
  T&& operator*() && noexcept { return std::move(*std::get_if<0>(&content_)); }
  T* operator->() noexcept { return std::get_if<0>(&content_); }
  const T* operator->() const noexcept { return std::get_if<0>(&content_); }

  /// The value, or an `Exception` with the error's text.
  T& value() & { return require(), **this; }
  const T& value() const& { return require(), **this; }
  T&& value() && { return require(), std::move(**this); }

  /// Requires `!has_value()`.
  const Error& error() const noexcept { return *std::get_if<1>(&content_); }

 private:
  void require() const {
    if (!has_value()) throw Exception(error());
  }

  std::variant<T, Error> content_;
};

/// Success, or the reason for its absence.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT(google-explicit-constructor)

  bool has_value() const noexcept { return ok_; }
  explicit operator bool() const noexcept { return ok_; }
  void value() const {
    if (!ok_) throw Exception(error_);
  }
  const Error& error() const noexcept { return error_; }

 private:
  Error error_;
  bool ok_ = true;
};

BELLWETHER_NAMESPACE_END
