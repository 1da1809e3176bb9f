// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Only to compile the headers that tests share (tests/CMakeLists.txt).
