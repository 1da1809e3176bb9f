// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/store_metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

StoreMetrics::StoreMetrics(Registry& registry) {
  series = registry.gauge("bellwether_storage_series", "Series in memory.").value();
  series_refused =
      registry.counter("bellwether_storage_series_refused_total", "New series refused at the series limit.").value();
  const auto outcomes =
      registry.counter<"outcome">("bellwether_storage_samples_total", "Samples, by what became of them.").value();
  for (std::size_t i = 0; i < outcome_count; ++i) samples[i] = outcomes.at(to_string(static_cast<Outcome>(i)));
  memory_bytes =
      registry.gauge("bellwether_storage_memory_bytes", "Bytes of series, labels and samples in memory.").value();
  disk_bytes = registry.gauge("bellwether_storage_disk_bytes", "Bytes of all files.").value();
  waiting_bytes =
      registry.gauge("bellwether_storage_waiting_bytes", "Bytes of samples that wait for the disk.").value();
  disk_writable =
      registry.gauge("bellwether_storage_disk_writable", "1 while samples reach the disk, 0 while it is full or fails.")
          .value();
  write_errors =
      registry.counter("bellwether_storage_write_errors_total", "Transactions that the disk refused.").value();
  corrupt_files = registry.counter("bellwether_storage_corrupt_files_total", "Files set aside as damaged.").value();
  corrupt_blocks =
      registry.counter("bellwether_storage_corrupt_blocks_total", "Damaged blocks that were left out.").value();
  clock_jumps =
      registry.counter("bellwether_storage_clock_jumps_total", "Jumps of the machine's clock by more than ten minutes.")
          .value();
  seals = registry.counter("bellwether_storage_seals_total", "Times the log became blocks.").value();
  log_bytes = registry.counter("bellwether_storage_log_bytes_total", "Bytes of samples written to the log.").value();
  block_samples = registry.counter("bellwether_storage_block_samples_total", "Samples written to blocks.").value();
  block_bytes = registry.counter("bellwether_storage_block_bytes_total", "Bytes of these blocks.").value();
  merges =
      registry.counter("bellwether_storage_merges_total", "Groups of blocks that became fewer, longer ones.").value();
  const auto buckets = Buckets::exponential(0.0005, 2, 14);
  flush_duration = registry
                       .duration_histogram("bellwether_storage_flush_duration_seconds",
                                           "Time to write a batch of samples to the log.", buckets)
                       .value();
  seal_duration =
      registry
          .duration_histogram("bellwether_storage_seal_duration_seconds", "Time to turn the log into blocks.", buckets)
          .value();
  disk_writable.set(1);
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
