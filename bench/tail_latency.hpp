// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bellwether::bench {

/// How long single operations take while another core scrapes 100,000 series without pause: percentiles of each, for an
/// empty operation as well, since a virtual machine has pauses of its own.
void print_tail_latency();

}  // namespace bellwether::bench
