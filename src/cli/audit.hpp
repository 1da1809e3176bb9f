// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>

#include "automation/audit_service.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// What `bellwether audit` was asked for.
struct AuditCommandOptions {
  automation::AuditServiceOptions service;
  bool once = false;
  std::uint16_t port = 8000;
};

/// Once, or until SIGINT or SIGTERM. The program's exit status: with `once` 1 if anything could not be read.
int run_audit(const AuditCommandOptions& options);

}  // namespace cli
BELLWETHER_NAMESPACE_END
