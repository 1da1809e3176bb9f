// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "template/template.hpp"
#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// The functions of Alertmanager's message templates (toUpper, join, reReplaceAll, date, tz, …). `since` is an error until bound.
std::shared_ptr<const FunctionTable> alertmanager_functions();
/// `since` and `now`, for RenderOptions::functions of one rendering.
FunctionTable bind_alertmanager_functions(std::int64_t now_ms);

/// Types of Alertmanager's template data: use them for Value::labels and Value::list.
///
///     Value alert = Value::map({{"Status", "firing"}, {"Labels", Value::labels(labels, label_map_type())}, …}, alert_type());
///     Value data = Value::map({{"Alerts", Value::list({alert}, alert_list_type())}, …}, message_data_type());
const Type& label_map_type();   ///< .SortedPairs (with .Names and .Values), .Names, .Values, .Remove; prints a="b", …
const Type& alert_list_type();  ///< .Firing and .Resolved, by the entry Status of each
const Type& alert_type();       ///< a struct: an entry it has not is an error
const Type& message_data_type();  ///< the same

}  // namespace templates
BELLWETHER_NAMESPACE_END
