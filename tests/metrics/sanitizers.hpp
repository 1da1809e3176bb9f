// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

// Sanitizers bring an allocator of their own, and slow code down several times.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BELLWETHER_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BELLWETHER_SANITIZED 1
#endif
#endif
#ifndef BELLWETHER_SANITIZED
#define BELLWETHER_SANITIZED 0
#endif
