// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/remote_write.hpp"

#include <algorithm>
#include <atomic>
#include <unordered_map>

#include "scrape/client_request.hpp"
#include "scrape/relabel.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

using std::chrono::nanoseconds;

/// What the position is known by: survives every change of the queue but that of its name, or of its URL without one.
std::string key_of(const config::RemoteWriteConfig& config) {
  const std::string& identity = config.name.empty() ? config.url : config.name;
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : identity) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += digits[hash >> static_cast<unsigned>(shift) & 15U];
  return text;
}

/// The oldest time of all commits while one queue has ended and the next not begun.
class GapRecorder final : public storage::CommitObserver {
 public:
  explicit GapRecorder(storage::SeriesStore& store) : store_(&store) { store.add_observer(*this); }
  ~GapRecorder() override { store_->remove_observer(*this); }
  GapRecorder(const GapRecorder&) = delete;
  GapRecorder& operator=(const GapRecorder&) = delete;

  void committed(const storage::ObservedCommit& commit) noexcept override {
    std::int64_t oldest = INT64_MAX;
    for (const auto& row : commit.floats) oldest = std::min(oldest, row.time);
    for (const auto& row : commit.histograms) oldest = std::min(oldest, row.time);
    if (oldest < oldest_.load(std::memory_order_relaxed)) oldest_.store(oldest, std::memory_order_relaxed);
  }
  std::int64_t oldest_ms() const noexcept { return oldest_.load(std::memory_order_relaxed); }

 private:
  storage::SeriesStore* store_;
  std::atomic<std::int64_t> oldest_{INT64_MAX};
};

/// The families of the store by name, read anew every few seconds; a steady series asks a map.
class MetadataCache {
 public:
  MetadataCache(std::function<std::vector<FamilyMetadata>()> read, const Clock& clock)
      : read_(std::move(read)), clock_(&clock) {}

  std::shared_ptr<const FamilyMetadata> find(const OutgoingSeries& series) {
    const std::string* const name = series.value("__name__");
    if (name == nullptr) return nullptr;
    const std::lock_guard lock(mutex_);
    refresh();
    if (auto found = at(*name)) return found;
    for (const std::string_view suffix : {"_bucket", "_count", "_sum", "_total"}) {
      if (!std::string_view(*name).ends_with(suffix)) continue;
      return at(name->substr(0, name->size() - suffix.size()));
    }
    return nullptr;
  }

 private:
  std::shared_ptr<const FamilyMetadata> at(const std::string& name) const {
    const auto found = families_.find(name);
    return found == families_.end() ? nullptr : found->second;
  }

  void refresh() {
    constexpr nanoseconds interval = std::chrono::seconds{10};
    const nanoseconds now = clock_->monotonic();
    if (!families_.empty() && now < next_) return;
    next_ = now + interval;
    families_.clear();
    for (FamilyMetadata& family : read_()) {
      std::string name = family.name;
      families_.emplace(std::move(name), std::make_shared<const FamilyMetadata>(std::move(family)));
    }
  }

  std::function<std::vector<FamilyMetadata>()> read_;
  const Clock* clock_;
  std::mutex mutex_;
  nanoseconds next_{0};
  std::unordered_map<std::string, std::shared_ptr<const FamilyMetadata>> families_;
};

RelabelFunction relabel_function(std::shared_ptr<const scrape::Relabeller> relabeller) {
  if (relabeller->empty()) return {};
  return [relabeller = std::move(relabeller)](const Labels& labels) -> std::optional<Labels> {
    scrape::LabelBuffer buffer;
    for (const auto& [name, value] : labels) buffer.set(name, value);
    if (!relabeller->apply(buffer)) return std::nullopt;
    Labels out;
    for (const LabelView& label : buffer.labels()) out.emplace_back(label.name, label.value);
    return out;
  };
}

}  // namespace

RemoteWrite::RemoteWrite(storage::SeriesStore& store, RemoteWriteOptions options)
    : store_(&store), options_(std::move(options)), metrics_(options_.registry) {}

RemoteWrite::~RemoteWrite() {
  stop(std::chrono::milliseconds{0});
}

std::vector<FamilyMetadata> RemoteWrite::all_metadata() const {
  std::unordered_map<std::string, FamilyMetadata> families;  // of several targets that say the same, one
  options_.metadata->visit([&](const config::Labels&, const scrape::FamilyMetadata& family) {
    families.try_emplace(family.family, FamilyMetadata{family.family, family.type, family.help, family.unit});
  });
  std::vector<FamilyMetadata> out;
  out.reserve(families.size());
  for (auto& [name, family] : families) out.push_back(std::move(family));
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

Result<QueueOptions> RemoteWrite::options_of(const config::RemoteWriteConfig& config, const std::string& key,
                                             const std::map<std::string, std::string>& external_labels) const {
  Result<scrape::Relabeller> relabeller = scrape::Relabeller::make(config.write_relabel_configs);
  if (!relabeller) return Error{"remote_write to " + config.url + ": " + relabeller.error().message};
  const std::string name = config.name.empty() ? key.substr(0, 6) : config.name;
  QueueOptions out;
  out.position_path = options_.directory + "/" + key + ".position";
  out.external_labels.assign(external_labels.begin(), external_labels.end());
  out.relabel = relabel_function(std::make_shared<const scrape::Relabeller>(std::move(*relabeller)));
  out.send_histograms = config.send_native_histograms || config.protobuf_message == config::RemoteWriteMessage::v2;
  if (config.send_exemplars) out.exemplars = options_.exemplars;
  const config::RemoteWriteQueueConfig& queue = config.queue;
  constexpr std::uint64_t most_in_lanes = 500'000;
  out.capacity = static_cast<std::size_t>(
      std::clamp<std::uint64_t>(queue.capacity * std::min<std::uint64_t>(queue.max_shards, lane_count),
                                queue.max_samples_per_send * 2, most_in_lanes));
  out.max_samples_per_send = queue.max_samples_per_send;
  out.batch_send_deadline = queue.batch_send_deadline;
  out.min_shards = queue.min_shards;
  out.max_shards = queue.max_shards;
  SenderOptions& sender = out.sender;
  sender.request = [client = config.http, url = config.url, headers = config.headers]() -> Result<net::HttpRequest> {
    Result<net::HttpRequest> request = scrape::make_request(client, url);
    if (request) request->headers.insert(request->headers.end(), headers.begin(), headers.end());
    return request;
  };
  sender.version = config.protobuf_message == config::RemoteWriteMessage::v2 ? MessageVersion::v2 : MessageVersion::v1;
  sender.timeout = config.remote_timeout;
  sender.min_backoff = queue.min_backoff;
  sender.max_backoff = queue.max_backoff;
  sender.sample_age_limit = queue.sample_age_limit;
  sender.transport = options_.transport;
  sender.clock = options_.clock;
  if (options_.log)
    sender.log = [log = options_.log, name](std::string_view text) {
      log("remote write " + name + ": " + std::string(text));
    };
  if (options_.metadata != nullptr) {
    auto cache = std::make_shared<MetadataCache>([this] { return all_metadata(); }, *options_.clock);
    sender.metadata_of = [cache](const OutgoingSeries& series) { return cache->find(series); };
    if (config.metadata.send) out.metadata = [this] { return all_metadata(); };
    out.metadata_interval = config.metadata.send_interval;
    out.metadata_per_send = config.metadata.max_samples_per_send;
  }
  return out;
}

Result<void> RemoteWrite::apply(const config::PrometheusConfig& config) {
  const std::lock_guard lock(mutex_);
  const std::map<std::string, std::string>& external = config.global.external_labels;
  struct Planned {
    const config::RemoteWriteConfig* config;
    std::optional<QueueOptions> options;  // nothing: goes on as it is
  };
  std::map<std::string, Planned> planned;
  for (const config::RemoteWriteConfig& each : config.remote_write) {
    const std::string key = key_of(each);
    const auto present = running_.find(key);
    const bool same =
        present != running_.end() && present->second.config == each && present->second.external_labels == external;
    Planned plan{&each, std::nullopt};
    if (!same) {
      Result<QueueOptions> made = options_of(each, key, external);
      if (!made) return made.error();
      // Opened once to see that it can be; a running queue has it open already.
      if (present == running_.end()) {
        const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(options_.clock->wall()).count();
        auto position = PositionFile::open(made->position_path, now);
        if (!position) return position.error();
        (void)(*position)->close_cleanly();
      }
      plan.options = std::move(*made);
    }
    if (!planned.emplace(key, std::move(plan)).second) {
      return Error{"remote_write: two receivers have the same name or URL (" +
                   (each.name.empty() ? each.url : each.name) + "); give them different names"};
    }
  }
  const GapRecorder gap(*store_);
  for (auto each = running_.begin(); each != running_.end();) {
    const auto plan = planned.find(each->first);
    if (plan != planned.end() && !plan->second.options) {
      ++each;
      continue;
    }
    each->second.queue->stop(options_.reload_flush);
    each = running_.erase(each);
  }
  for (auto& [key, plan] : planned) {
    if (!plan.options) continue;
    const std::string name = plan.config->name.empty() ? key.substr(0, 6) : plan.config->name;
    Result<std::unique_ptr<RemoteQueue>> queue =
        RemoteQueue::open(*store_, std::move(*plan.options), metrics_.of(name));
    if (!queue) return queue.error();
    if (gap.oldest_ms() <= (*queue)->started_at_ms()) (*queue)->missed(gap.oldest_ms());
    running_[key] = {*plan.config, external, std::move(*queue)};
  }
  return {};
}

void RemoteWrite::stop(std::chrono::milliseconds flush_for) {
  const std::lock_guard lock(mutex_);
  std::vector<std::thread> stopping;  // all at once: the time is for all
  for (auto& [key, running] : running_) {
    stopping.emplace_back([&queue = *running.queue, flush_for] { queue.stop(flush_for); });
  }
  for (std::thread& each : stopping) each.join();
  running_.clear();
}

std::size_t RemoteWrite::queues() const {
  const std::lock_guard lock(mutex_);
  return running_.size();
}

std::size_t RemoteWrite::pending() const {
  const std::lock_guard lock(mutex_);
  std::size_t sum = 0;
  for (const auto& [key, running] : running_) sum += running.queue->pending();
  return sum;
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
