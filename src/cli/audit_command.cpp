// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/audit_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/audit.hpp"
#include "cli/desk_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

/// As the user wrote them.
struct AuditArguments {
  AuditCommandOptions options;
  std::string every;
};

AuditCommandOptions options_from(const AuditArguments& arguments) {
  AuditCommandOptions options = arguments.options;
  automation::AuditServiceOptions& service = options.service;
  if (service.audit.coverage_file.empty() && service.audit.markers.places.empty()) {
    throw CLI::ValidationError("audit", "there is nothing to audit: give --coverage, --markers or both");
  }
  if (!arguments.every.empty()) {
    const auto every = parse_time_span(arguments.every);
    if (!every) throw CLI::ValidationError("--every", every.error().message);
    service.every = *every;
  } else if (service.on_change) {
    service.every = std::nullopt;  // changes alone, unless a schedule is asked for as well
  }
  return options;
}

}  // namespace

void add_audit_command(CLI::App& app, int& status) {
  CLI::App* const audit =
      app.add_subcommand("audit", "Read test coverage and completion markers, now and then, and export them");
  auto arguments = std::make_shared<AuditArguments>();
  AuditCommandOptions& options = arguments->options;
  automation::AuditOptions& what = options.service.audit;
  audit->add_option("--coverage", what.coverage_file, "LCOV's tracefile or Cobertura's XML; its content tells which")
      ->type_name("FILE");
  audit
      ->add_option("--markers", what.markers.places,
                   "Where completion markers are: a directory (its *.done files, and lines of *.md, *.txt, *.log) or a "
                   "pattern; again for more")
      ->type_name("DIR|GLOB")
      ->allow_extra_args(false)
      ->take_all();
  audit->add_option("--marker", what.markers.text, "What a line says that is a completion marker, and nothing else")
      ->type_name("TEXT")
      ->capture_default_str();
  CLI::Option* const every =
      audit->add_option("--every", arguments->every, "Audit so often; default 1h without --on-change")
          ->type_name("TIME");
  CLI::Option* const once = audit->add_flag("--once", options.once, "Audit once, say what was found, and end");
  CLI::Option* const on_change =
      audit->add_flag("--on-change", options.service.on_change, "Audit whenever one of these files changes");
  once->excludes(every)->excludes(on_change);
  audit->add_option("--port", options.port, "Port on 127.0.0.1; 0 takes a free one")
      ->type_name("PORT")
      ->capture_default_str();
  audit->footer(
      "Example:\n"
      "  bellwether audit --coverage build/coverage.info --markers docs --every 1h\n"
      "  curl http://127.0.0.1:8000/metrics\n"
      "An audit at once (the token is printed at the start):\n"
      "  curl -X POST -H \"Authorization: Bearer $TOKEN\" http://127.0.0.1:8000/run");
  audit->callback([arguments, &status] { status = run_audit(options_from(*arguments)); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
