// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

#include "automation/audit_agent.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Is told of every audit, on the audits' thread; must not block.
class AuditObserver {
 public:
  virtual ~AuditObserver() = default;
  virtual void finished(const AuditOutcome& outcome) = 0;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
