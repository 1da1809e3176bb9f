// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/metrics.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "net/route.hpp"
#include "scrape/exemplar_store.hpp"
#include "scrape/metadata_store.hpp"
#include "scrape/remote/write_decoder.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

struct ReceiverOptions {
  scrape::MetadataStore* metadata = nullptr;   ///< null: metadata are not kept
  scrape::ExemplarStore* exemplars = nullptr;  ///< null: exemplars are not kept
  std::size_t max_uncompressed_bytes = std::size_t{64} << 20U;
  std::size_t max_families = 100'000;  ///< whose metadata are kept
  Registry* registry = nullptr;
};

/// What became of a message.
struct ReceivedWrite {
  std::uint64_t samples = 0;
  std::uint64_t histograms = 0;
  std::uint64_t exemplars = 0;
  std::uint64_t refused = 0;  ///< samples and histograms
  bool store_full = false;    ///< some of them because the disk does not take what waits: send them again
  std::string first_problem;  ///< why the first was refused; empty: none was
  bool malformed = false;     ///< the message is broken; what came before is stored
};

/// Takes what others push: Prometheus's `remote_write`, another monitor's, an agent's.
///
/// Each series' samples are stored by the rules of SeriesStore: repeated ones are taken as there, what is older than the
/// out-of-order window, another value of the same time, too far ahead, with wrong labels or beyond the limit of series is refused,
/// the rest of the message stored.
///
/// Threads: any number. Memory: the message, uncompressed, and its series' labels one by one.
class WriteReceiver {
 public:
  WriteReceiver(storage::SeriesStore& store, ReceiverOptions options);

  ReceivedWrite write(MessageVersion version, std::string_view message);

  /// 204; 400 and which and how many were refused; 415 for other types and encodings; 503 while the disk takes nothing.
  /// The X-Prometheus-Remote-Write-*-Written headers stand in every answer to a message that could be read.
  net::Response handle(const net::Request& request);

 private:
  class Work;
  void keep_metadata(const FamilyMetadataView& family);

  storage::SeriesStore* store_;
  ReceiverOptions options_;
  std::mutex metadata_mutex_;
  std::shared_ptr<scrape::MetadataStore::Target> families_;
  std::unordered_map<std::string, std::size_t> kept_families_;  // name, hash of what was said last
  Counter samples_;
  Counter refused_;
  Counter requests_failed_;
};

/// POST /api/v1/write. Blocks for as long as a message takes to store, so it runs on the server's workers. The server's
/// `max_body_bytes` must be large enough for a compressed message: 16 MiB is.
///
///     routes.push_back(remote_write_route(std::make_shared<WriteReceiver>(store, options)));
net::Route remote_write_route(std::shared_ptr<WriteReceiver> receiver);

}  // namespace remote
BELLWETHER_NAMESPACE_END
