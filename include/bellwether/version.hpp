// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

/// The one place that states the version: CMake, pkg-config and `bellwether --version` read it from here.
/// The inline namespace carries the major version of the ABI, so that two majors can live in one process.
#define BELLWETHER_VERSION_MAJOR 0
#define BELLWETHER_VERSION_MINOR 1
#define BELLWETHER_VERSION_PATCH 0
#define BELLWETHER_VERSION_STRING "0.1.0"

#define BELLWETHER_NAMESPACE_BEGIN \
  namespace bellwether {           \
  inline namespace v1 {
#define BELLWETHER_NAMESPACE_END \
  }                              \
  }

#if defined(_WIN32)
#error "Bellwether is built for Linux"
#endif

/// Marks what a shared build of the library shows; all else is hidden.
#define BELLWETHER_API __attribute__((visibility("default")))
