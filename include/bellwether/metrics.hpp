// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the metrics library in one include. Begin with <bellwether/registry.hpp>.
#include <bellwether/counter.hpp>
#include <bellwether/exemplar.hpp>
#include <bellwether/exposition.hpp>
#include <bellwether/family.hpp>
#include <bellwether/gauge.hpp>
#include <bellwether/histogram.hpp>
#include <bellwether/process_metrics.hpp>
#include <bellwether/registry.hpp>
#include <bellwether/series.hpp>
#include <bellwether/state_set.hpp>
#include <bellwether/stopwatch.hpp>
#include <bellwether/timed_scope.hpp>
