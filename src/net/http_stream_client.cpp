// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_stream_client.hpp"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "net/curl_options.hpp"
#include "net/curl_transfer.hpp"
#include "net/libcurl.hpp"
#include "net/request_check.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

using SteadyClock = std::chrono::steady_clock;

int checked(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
  return descriptor;
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return number_; }

 private:
  int number_;
};

}  // namespace

class HttpStreamClient::Loop {
 public:
  struct Job {
    std::uint64_t id = 0;
    HttpRequest request;
    RequestDestination destination;
    Reader reader;
    bool give_up = false;  // what was begun under this id
  };

  explicit Loop(std::string user_agent)
      : user_agent_(std::move(user_agent)),
        epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "cannot follow streams")),
        wake_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "cannot follow streams")),
        multi_(libcurl().multi_init()) {
    if (multi_ == nullptr) throw std::bad_alloc();
    libcurl().multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Loop::on_socket);
    libcurl().multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    libcurl().multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Loop::on_timer);
    libcurl().multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = wake_.get();
    checked(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event), "cannot follow streams");
  }
  ~Loop() { libcurl().multi_cleanup(multi_); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void start() {
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "bellwether-strm");
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake();
    thread_.join();
    for (Job& job : std::exchange(jobs_, {})) refuse(job);
  }

  std::uint64_t next_id() {
    const std::lock_guard lock(mutex_);
    return ++last_id_;
  }

  void post(Job job) {
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_) {
        jobs_.push_back(std::move(job));
        return wake();
      }
    }
    refuse(job);
  }

 private:
  struct Running {
    explicit Running(Job of) : job(std::move(of)) {}
    Job job;
    CurlTransfer transfer;
    CurlList headers;
  };

  static void refuse(Job& job) {
    if (job.give_up) return;
    job.reader.on_end(HttpError{HttpErrorKind::cancelled, "given up because the client has stopped"});
  }

  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  }

  void run() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);  // SIGPIPE as well, which OpenSSL's writes may raise
    std::array<epoll_event, 64> events{};
    while (take_jobs()) {
      const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_milliseconds());
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.fd == wake_.get()) {
          std::uint64_t ignored = 0;
          [[maybe_unused]] const auto size = ::read(wake_.get(), &ignored, sizeof ignored);
        } else {
          act(event.data.fd, event.events);
        }
      }
      if (deadline_ && SteadyClock::now() >= *deadline_) {
        deadline_.reset();
        act(CURL_SOCKET_TIMEOUT, 0);
      }
      end_finished();
    }
    while (!running_.empty()) end(running_.begin()->first, std::nullopt);
  }

  int wait_milliseconds() const {
    if (!deadline_) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - SteadyClock::now()).count();
    return left < 0 ? 0 : static_cast<int>(std::min<std::int64_t>(left, 60'000));
  }

  void act(curl_socket_t socket, std::uint32_t events) {
    int flags = 0;
    if ((events & (EPOLLIN | EPOLLHUP)) != 0) flags |= CURL_CSELECT_IN;
    if ((events & EPOLLOUT) != 0) flags |= CURL_CSELECT_OUT;
    if ((events & EPOLLERR) != 0) flags |= CURL_CSELECT_ERR;
    int left = 0;
    libcurl().multi_socket_action(multi_, socket, flags, &left);
  }

  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void* known) {
    auto& loop = *static_cast<Loop*>(user);
    epoll_event event{};
    event.data.fd = socket;
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(loop.epoll_.get(), EPOLL_CTL_DEL, socket, &event);  // libcurl may have closed it already
      return 0;
    }
    event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
    epoll_ctl(loop.epoll_.get(), known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
    libcurl().multi_assign(loop.multi_, socket, &loop);  // anything but null: it is known from now on
    return 0;
  }

  static int on_timer(CURLM*, long milliseconds, void* user) {
    auto& loop = *static_cast<Loop*>(user);
    if (milliseconds < 0) {
      loop.deadline_.reset();
    } else {
      loop.deadline_ = SteadyClock::now() + std::chrono::milliseconds{milliseconds};
    }
    return 0;
  }

  bool take_jobs() {
    std::vector<Job> taken;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
      std::swap(taken, jobs_);
    }
    for (Job& job : taken) {
      if (job.give_up) {
        if (const auto found = by_id_.find(job.id); found != by_id_.end()) end(found->second, std::nullopt);
      } else {
        begin(std::move(job));
      }
    }
    return true;
  }

  void begin(Job job) {
    CURL* const easy = libcurl().easy_init();
    if (easy == nullptr) {
      return job.reader.on_end(HttpError{HttpErrorKind::other, job.destination.origin + ": out of memory"});
    }
    auto work = std::make_unique<Running>(std::move(job));
    Running& running = *work;
    by_id_[running.job.id] = easy;
    running_.emplace(easy, std::move(work));
    CURLcode code = set_curl_options(easy, running.job.request, running.job.destination, user_agent_, running.headers);
    // An answer that does not end keeps its connection to itself.
    if (code == CURLE_OK) code = libcurl().easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    if (code == CURLE_OK) code = libcurl().easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    running.transfer.attach(easy, running.job.reader.on_part);
    if (code == CURLE_OK && libcurl().multi_add_handle(multi_, easy) != CURLM_OK) code = CURLE_FAILED_INIT;
    if (code != CURLE_OK) end(easy, code);
  }

  void end_finished() {
    int left = 0;
    while (const CURLMsg* message = libcurl().multi_info_read(multi_, &left)) {
      if (message->msg == CURLMSG_DONE) end(message->easy_handle, message->data.result);
    }
  }

  void end(CURL* easy, std::optional<CURLcode> code) {
    const auto found = running_.find(easy);
    const std::unique_ptr<Running> work = std::move(found->second);
    running_.erase(found);
    by_id_.erase(work->job.id);
    libcurl().multi_remove_handle(multi_, easy);
    HttpResult result = work->transfer.finish(easy, code, work->job.destination.origin);
    libcurl().easy_cleanup(easy);
    work->job.reader.on_end(std::move(result));
  }

  const std::string user_agent_;
  const Descriptor epoll_;
  const Descriptor wake_;
  CURLM* const multi_;
  std::thread thread_;

  std::mutex mutex_;
  std::vector<Job> jobs_;
  std::uint64_t last_id_ = 0;
  bool stopping_ = false;

  // The thread's own.
  std::unordered_map<CURL*, std::unique_ptr<Running>> running_;
  std::unordered_map<std::uint64_t, CURL*> by_id_;
  std::optional<SteadyClock::time_point> deadline_;
};

HttpStreamClient::HttpStreamClient(std::string user_agent) {
  if (!start_libcurl_once()) throw std::runtime_error("cannot follow streams: libcurl.so.4 cannot be loaded");
  loop_ = std::make_shared<Loop>(std::move(user_agent));
  loop_->start();
}

HttpStreamClient::~HttpStreamClient() {
  loop_->stop();
}

Result<std::unique_ptr<HttpStreamTransport::Stream>> HttpStreamClient::open(HttpRequest request, Reader reader) {
  class Open final : public Stream {
   public:
    Open(std::shared_ptr<Loop> loop, std::uint64_t id) : loop_(std::move(loop)), id_(id) {}
    ~Open() override {
      Loop::Job job;
      job.id = id_;
      job.give_up = true;
      loop_->post(std::move(job));
    }

   private:
    std::shared_ptr<Loop> loop_;
    std::uint64_t id_;
  };

  auto destination = check_request(request);
  if (!destination) return Error{"cannot send this: " + destination.error().message};
  const std::uint64_t id = loop_->next_id();
  auto stream = std::make_unique<Open>(loop_, id);
  loop_->post({id, std::move(request), std::move(*destination), std::move(reader), false});
  return std::unique_ptr<Stream>(std::move(stream));
}

}  // namespace net
BELLWETHER_NAMESPACE_END
