// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <vector>

#include "storage/byte_stream.hpp"
#include "storage/label_set.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Label sets as a packed blob: for each the number of labels, then name and value, each with its length.
Bytes encode_series(const std::vector<LabelSet>& series);

/// False for bytes that no encoder wrote; `out` is then as it was.
bool decode_series(ByteView blob, std::vector<LabelSet>& out);

}  // namespace storage
BELLWETHER_NAMESPACE_END
