// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

struct Definition;  // a parsed text, see nodes.hpp

enum class Escaping : std::uint8_t {
  none,
  /// What actions print is escaped for HTML, but for markup (`safeHtml`). In an attribute href or src an address with a scheme
  /// other than http, https, mailto becomes "#blocked". Not told apart further: never print into a <script> or <style>.
  html,
};

/// A template ends with an error beyond these; no template runs for long or takes much memory.
struct RenderLimits {
  std::size_t output_bytes = std::size_t{1} << 20;  ///< of the output, and of every text on the way
  std::size_t steps = 1'000'000;
  std::size_t depth = 100;  ///< of templates that call templates
};

struct RenderOptions {
  Escaping escaping = Escaping::none;
  RenderLimits limits;
  /// Looked up before those the template was parsed with: for what differs from one rendering to the next (`query`, `now`).
  const FunctionTable* functions = nullptr;
};

/// Templates that can call one another by name: those of all files named in alertmanager.yml, say.
///
///     TemplateSet set(std::make_shared<FunctionTable>(alertmanager_functions(…)));
///     set.add("slack.tmpl", "{{ define \"title\" }}{{ .Status | toUpper }}{{ end }}").value();
///     Template title = Template::parse("receiver a: title", "{{ template \"title\" . }}", set).value();
///     title.render(data);
///
/// A later definition of a name replaces the earlier one, unless it is empty. Threads: const functions from any.
class TemplateSet {
 public:
  explicit TemplateSet(std::shared_ptr<const FunctionTable> functions) : functions_(std::move(functions)) {}

  /// Adds the text under its name and all it defines; nothing after an error.
  Result<void> add(std::string_view name, std::string_view text);
  bool has(std::string_view name) const { return definitions_.find(name) != definitions_.end(); }
  /// One of them; an error where there is none of the name.
  Result<std::string> render(std::string_view name, const Value& data, const RenderOptions& options = {}) const;

  const FunctionTable& functions() const noexcept { return *functions_; }
  const std::map<std::string, std::shared_ptr<const Definition>, std::less<>>& definitions() const noexcept {
    return definitions_;
  }

 private:
  friend class Template;
  void take(const std::vector<std::shared_ptr<const Definition>>& definitions, std::size_t from);

  std::shared_ptr<const FunctionTable> functions_;
  std::map<std::string, std::shared_ptr<const Definition>, std::less<>> definitions_;
};

/// A text with actions, as Go's text/template reads it: all of its syntax, up to Go 1.23 (`else with`, `break`, range over a
/// number). Keys that a map has not are as with missingkey=zero, which Prometheus and Alertmanager set.
///
///     auto text = Template::parse("summary", "{{ $labels.venue }} at {{ $value | humanize }}", functions);
///     if (!text) log(text.error().message);   // summary:1:4: undefined variable "$labels"; …
///     auto summary = text->render(data);
///
/// Not there: complex numbers, channels, iterators, methods beyond those of Type and Time. `{{ html }}`-like functions of Go are
/// built in, all others come with the table.
///
/// Threads: a plain value, cheap to copy; rendering from any number of threads. Errors: `name:line:column: …`, columns in
/// bytes from 1. Memory and time: see RenderLimits; a text of more than a MiB is refused.
class Template {
 public:
  static Result<Template> parse(std::string_view name, std::string_view text,
                                std::shared_ptr<const FunctionTable> functions);
  /// May call what the set defines now. The first `hidden` bytes of the text are not the user's: places in errors do not count them.
  static Result<Template> parse(std::string_view name, std::string_view text, const TemplateSet& set,
                                std::size_t hidden = 0);

  Result<std::string> render(const Value& data, const RenderOptions& options = {}) const;

  /// It is plain text: every rendering gives the text itself.
  bool constant() const noexcept;
  /// As it was parsed: see nodes.hpp.
  const Definition& root() const noexcept { return *root_; }

 private:
  Template(TemplateSet set, std::shared_ptr<const Definition> root) : set_(std::move(set)), root_(std::move(root)) {}

  TemplateSet set_;
  std::shared_ptr<const Definition> root_;
};

}  // namespace templates
BELLWETHER_NAMESPACE_END
