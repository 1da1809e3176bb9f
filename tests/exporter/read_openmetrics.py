# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
"""Reads OpenMetrics from standard input with the reference parser; prints a JSON line for each sample."""
import io
import json
import sys

from prometheus_client.openmetrics.parser import text_fd_to_metric_families

for family in text_fd_to_metric_families(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="\n")):
    for sample in family.samples:
        exemplar = sample.exemplar
        print(json.dumps({
            "family": family.name,
            "type": family.type,
            "unit": family.unit,
            "name": sample.name,
            "labels": sample.labels,
            "value": repr(float(sample.value)),
            "exemplar": None if exemplar is None else {
                "labels": exemplar.labels,
                "value": repr(float(exemplar.value)),
                "time": None if exemplar.timestamp is None else float(exemplar.timestamp),
            },
        }))
