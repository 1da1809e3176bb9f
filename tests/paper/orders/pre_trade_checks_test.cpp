// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
