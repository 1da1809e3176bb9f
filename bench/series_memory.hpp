// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bellwether::bench {

/// What 100,000 counter series with three labels cost in resident memory, what a further thread costs that counts in
/// all of them, what a scrape needs for itself, and the same of prometheus-cpp. To be called first: later, memory that
/// was used before would be used again unseen.
void print_series_memory();

}  // namespace bellwether::bench
