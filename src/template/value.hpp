// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "template/time_value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

class Value;
using Arguments = std::span<const Value>;
using List = std::vector<Value>;
using Map = std::map<std::string, Value, std::less<>>;

/// What a template can call, and with how many arguments; `call` may be certain of the number, not of the kinds: see arguments.hpp.
struct Function {
  std::function<Result<Value>(Arguments)> call;
  std::size_t least = 0;
  std::size_t most = SIZE_MAX;
};
using FunctionTable = std::map<std::string, Function, std::less<>>;

/// What Go would know of a list or map by its type: all values of one type share one of these, which lives until the end.
struct Type {
  enum class Missing : std::uint8_t {
    nothing,     ///< map[string]any: nil, printed as <no value>
    empty_text,  ///< map[string]string
    refused,     ///< a struct: the template is wrong
  };

  std::string_view name;  ///< in messages and %T
  Missing missing = Missing::nothing;
  /// `.Alerts.Firing`, `.Labels.Remove (stringSlice "a")`: the value itself is the first argument.
  FunctionTable methods;
  /// What it prints as, unless as Go prints lists and maps.
  std::function<std::string(const Value&)> text;

  static const Type& any_list();
  static const Type& text_list();
  static const Type& any_map();
  static const Type& text_map();
};

enum class Kind : std::uint8_t { nil, boolean, integer, real, text, markup, list, map, function, time, duration };

/// What a template works on. Lists, maps and functions are shared and do not change, so that copies are cheap.
///
///     Value data = Value::map({{"Labels", Value::texts(labels)}, {"Value", 0.5}});
///
/// Threads: a plain value.
class Value {
 public:
  Value() = default;                                               ///< nil
  Value(bool value) : content_(value) {}                           // NOLINT(google-explicit-constructor)
  Value(double value) : content_(value) {}                         // NOLINT(google-explicit-constructor)
  Value(std::string value) : content_(std::move(value)) {}         // NOLINT(google-explicit-constructor)
  Value(std::string_view value) : content_(std::string(value)) {}  // NOLINT(google-explicit-constructor)
  Value(const char* value) : content_(std::string(value)) {}       // NOLINT(google-explicit-constructor)
  Value(Time value) : content_(value) {}                           // NOLINT(google-explicit-constructor)
  Value(Duration value) : content_(value) {}                       // NOLINT(google-explicit-constructor)
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) Value(Integer value)  // NOLINT(google-explicit-constructor)
      : content_(static_cast<std::int64_t>(value)) {}

  /// A text that is HTML already and is not escaped again.
  static Value markup(std::string html);
  static Value list(List items, const Type& type = Type::any_list());
  static Value map(Map entries, const Type& type = Type::any_map());
  static Value function(Function function);
  static Value texts(const std::vector<std::string>& items);
  /// Labels: a key that is not there is an empty text.
  template <typename Entries>
  static Value labels(const Entries& entries, const Type& type = Type::text_map()) {
    Map map;
    for (const auto& [name, value] : entries) map.insert_or_assign(std::string(name), Value(std::string_view(value)));
    return Value::map(std::move(map), type);
  }

  Kind kind() const noexcept { return static_cast<Kind>(content_.index()); }
  bool is_nil() const noexcept { return kind() == Kind::nil; }
  bool is_text() const noexcept { return kind() == Kind::text || kind() == Kind::markup; }

  /// Each requires the kind; `text` also takes markup.
  bool boolean() const noexcept { return *std::get_if<bool>(&content_); }
  std::int64_t integer() const noexcept { return *std::get_if<std::int64_t>(&content_); }
  double real() const noexcept { return *std::get_if<double>(&content_); }
  const std::string& text() const noexcept;
  const List& items() const noexcept { return (*std::get_if<ListPtr>(&content_))->items; }
  const Map& entries() const noexcept { return (*std::get_if<MapPtr>(&content_))->entries; }
  const Function& function() const noexcept { return **std::get_if<FunctionPtr>(&content_); }
  const Time& time() const noexcept { return *std::get_if<Time>(&content_); }
  const Duration& duration() const noexcept { return *std::get_if<Duration>(&content_); }

  /// Of lists and maps in one another: 0 for everything else.
  std::size_t depth() const noexcept;
  /// Of a list or map, else null.
  const Type* type() const noexcept;
  /// As Go names it.
  std::string_view type_name() const noexcept;
  /// What `if` decides by: not nil, false, 0 or empty. A struct is always true.
  bool truth() const noexcept;

 private:
  struct Markup {
    std::string html;
  };
  struct ListBody {
    List items;
    const Type* type;
    std::size_t depth;
  };
  struct MapBody {
    Map entries;
    const Type* type;
    std::size_t depth;
  };
  using ListPtr = std::shared_ptr<const ListBody>;
  using MapPtr = std::shared_ptr<const MapBody>;
  using FunctionPtr = std::shared_ptr<const Function>;

  // In the order of Kind.
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Markup, ListPtr, MapPtr, FunctionPtr, Time,
               Duration>
      content_;
};

}  // namespace templates
BELLWETHER_NAMESPACE_END
