// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <crypt.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

#include "net/http_server.hpp"
#include "net/test_certificates.hpp"

// Against our own server: one that behaves.
namespace bellwether::net {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

std::string seen(const Request& request) {
  std::string text = request.method + ' ' + request.path + '?' + request.query + '\n';
  for (const auto& [name, value] : request.headers) text += name + ": " + value + '\n';
  return text + '\n' + request.body;
}

std::vector<Route> routes() {
  const auto echo = [](const Request& request) { return Response::text(200, seen(request)); };
  const auto redirect = [](std::string to) {
    return [to = std::move(to)](const Request&) {
      Response response = Response::text(302, "over there\n");
      response.headers = {{"Location", to}};
      return response;
    };
  };
  std::vector<Route> routes{
      {"GET", "/redirect", redirect("/echo")},
      {"GET", "/loop", redirect("/loop")},
      {"GET", "/to-ftp", redirect("ftp://127.0.0.1/x")},
      {"GET", "/to-file", redirect("file:///etc/passwd")},
      {"GET", "/nothing", [](const Request&) { return Response::text(204, ""); }},
      {"GET", "/who", [](const Request& request) { return Response::text(200, request.user); }},
      {"GET", "/host", [](const Request& request) { return Response::text(200, std::string(request.header("Host"))); }},
      {"GET", "/large", [](const Request&) { return Response::text(200, std::string(1 << 20, 'x')); }},
      {"GET", "/broken", [](const Request&) { return Response::text(500, "no\n"); }},
      {"GET", "/busy", [](const Request&) {
         Response response = Response::text(429, "later\n");
         response.headers = {{"Retry-After", "7"}};
         return response;
       }}};
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) routes.push_back({method, "/echo", echo});
  return routes;
}

class HttpClientTest : public testing::Test {
 protected:
  void SetUp() override { start({}); }
  void start(HttpServerOptions options) {
    auto started = HttpServer::start(std::move(options), routes());
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  std::string url(std::string_view path) const { return server_->url() + std::string(path); }
  HttpResponse get(HttpRequest request) {
    HttpResult result = client_.send(request);
    EXPECT_TRUE(result) << result.error().message;
    return result ? *result : HttpResponse{};
  }

  std::unique_ptr<HttpServer> server_;
  HttpClient client_;
};

TEST_F(HttpClientTest, GetsAPage) {
  const HttpResponse response = get({.url = url("/echo?a=b%20c")});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("content-type"), "text/plain; charset=utf-8");
  EXPECT_THAT(response.body, HasSubstr("GET /echo?a=b%20c\n"));
  EXPECT_THAT(response.body, HasSubstr("User-Agent: bellwether/"));
  EXPECT_GT(response.total_time.count(), 0);
}

TEST_F(HttpClientTest, SendsEveryMethodWithItsBody) {
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    const HttpResponse response =
        get({.method = method, .url = url("/echo"), .headers = {{"Content-Type", "application/json"}}, .body = "{}"});
    EXPECT_THAT(response.body, HasSubstr(std::string(method) + " /echo?\n"));
    EXPECT_THAT(response.body, HasSubstr("Content-Type: application/json\n"));
    EXPECT_THAT(response.body, HasSubstr("Content-Length: 2\n"));
    EXPECT_TRUE(response.body.ends_with("\n\n{}")) << response.body;
  }
  const std::string large(900'000, 'y');  // beyond what libcurl would ask leave for
  EXPECT_TRUE(get({.method = "POST", .url = url("/echo"), .body = large}).body.ends_with(large));
  const HttpResponse empty = get({.method = "POST", .url = url("/echo")});
  EXPECT_THAT(empty.body, HasSubstr("Content-Length: 0\n"));
  EXPECT_THAT(empty.body, Not(HasSubstr("Content-Type")));
  EXPECT_THAT(get({.method = "DELETE", .url = url("/echo")}).body, HasSubstr("DELETE /echo?\n"));
}

TEST_F(HttpClientTest, AsksForTheHeadAlone) {
  const HttpResponse response = get({.method = "HEAD", .url = url("/large")});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Length"), std::to_string(1 << 20));
  EXPECT_EQ(response.body, "");
}

TEST_F(HttpClientTest, SendsHeadersAsTheyAre) {
  const HttpResponse response =
      get({.url = url("/echo"), .headers = {{"X-A", "b; c"}, {"X-Empty", ""}, {"User-Agent", "other"}}});
  EXPECT_THAT(response.body, HasSubstr("X-A: b; c\n"));
  EXPECT_THAT(response.body, HasSubstr("X-Empty: \n"));
  EXPECT_THAT(response.body, HasSubstr("User-Agent: other\n"));
  EXPECT_THAT(response.body, Not(HasSubstr("bellwether")));
}

TEST_F(HttpClientTest, EveryStatusIsAnAnswer) {
  EXPECT_EQ(get({.url = url("/missing")}).status, 404);
  EXPECT_EQ(get({.url = url("/broken")}).body, "no\n");
  EXPECT_EQ(get({.url = url("/nothing")}).status, 204);
  const HttpResponse busy = get({.url = url("/busy")});
  EXPECT_EQ(busy.status, 429);
  EXPECT_EQ(busy.retry_after({}), std::chrono::seconds{7});
}

TEST_F(HttpClientTest, UsesItsConnectionAgain) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(get({.url = url("/echo")}).status, 200);
  EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(HttpClientTest, ComesBackAfterTheServerHasClosedAKeptConnection) {
  EXPECT_EQ(get({.url = url("/echo")}).status, 200);
  const std::uint16_t port = server_->port();
  server_.reset();
  start({.port = port});
  EXPECT_EQ(get({.url = url("/echo")}).status, 200);
}

TEST_F(HttpClientTest, FollowsRedirectsOnlyWhenAsked) {
  const HttpResponse there = get({.url = url("/redirect")});
  EXPECT_EQ(there.status, 302);
  EXPECT_EQ(there.header("location"), "/echo");
  const HttpResponse followed = get({.url = url("/redirect"), .max_redirects = 1});
  EXPECT_EQ(followed.status, 200);
  EXPECT_EQ(followed.header("location"), "");
  const HttpResult loop = client_.send({.url = url("/loop"), .max_redirects = 3});
  ASSERT_FALSE(loop);
  EXPECT_EQ(loop.kind(), HttpErrorKind::too_many_redirects);
  for (const char* path : {"/to-ftp", "/to-file"}) {
    const HttpResult elsewhere = client_.send({.url = url(path), .max_redirects = 3});
    ASSERT_FALSE(elsewhere);
    EXPECT_EQ(elsewhere.kind(), HttpErrorKind::too_many_redirects) << elsewhere.error().message;
  }
}

TEST_F(HttpClientTest, TakesNoMoreThanItWasToldTo) {
  EXPECT_EQ(get({.url = url("/large"), .max_response_bytes = 1 << 20}).body.size(), 1U << 20);
  const HttpResult result = client_.send({.url = url("/large"), .max_response_bytes = (1 << 20) - 1});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.kind(), HttpErrorKind::too_large);
  EXPECT_EQ(get({.url = url("/echo"), .max_response_bytes = SIZE_MAX}).status, 200);
}

TEST_F(HttpClientTest, SaysThatNobodyListens) {
  const std::string gone = url("/secret-of-a-hook");
  server_.reset();
  const HttpResult result = client_.send({.url = gone});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.kind(), HttpErrorKind::connect);
  EXPECT_THAT(result.error().message, HasSubstr("http://127.0.0.1:"));
  EXPECT_THAT(result.error().message, HasSubstr("is it running there"));
  EXPECT_THAT(result.error().message, Not(HasSubstr("secret")));
}

TEST_F(HttpClientTest, SaysThatANameIsUnknown) {
  const HttpResult result = client_.send({.url = "http://nobody.invalid/"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.kind(), HttpErrorKind::resolve) << result.error().message;
}

TEST_F(HttpClientTest, RefusesBadRequestsWithoutSendingThem) {
  for (const char* url : {"", "ftp://127.0.0.1/", "no url"}) {
    const HttpResult result = client_.send({.url = url});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.kind(), HttpErrorKind::bad_request);
  }
}

TEST_F(HttpClientTest, AsksThisMachineWithoutTheProxyOfTheEnvironment) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  EXPECT_EQ(get({.url = url("/echo")}).status, 200);
  const HttpResult remote = client_.send({.url = "http://192.0.2.1/"});
  ::unsetenv("http_proxy");
  ASSERT_FALSE(remote);
  EXPECT_EQ(remote.kind(), HttpErrorKind::connect);
  EXPECT_THAT(remote.error().message, HasSubstr("port 1 "));
  // A proxy that was named is used for this machine as well.
  const HttpResult named = client_.send({.url = url("/echo"), .proxy = "http://127.0.0.1:1"});
  EXPECT_EQ(named.kind(), HttpErrorKind::connect);
}

int sockets_of_a_child() {
  std::FILE* const child = ::popen("for f in /proc/self/fd/*; do readlink $f; done | grep -c '^socket:'", "re");
  int count = -1;
  EXPECT_EQ(std::fscanf(child, "%d", &count), 1);
  ::pclose(child);
  return count;
}

TEST_F(HttpClientTest, ProgramsThatTheProcessStartsInheritNoConnection) {
  EXPECT_FALSE(client_.send({.url = "http://127.0.0.1:1/"}));  // whatever libcurl has for itself
  const int before = sockets_of_a_child();
  EXPECT_EQ(get({.url = url("/echo")}).status, 200);
  EXPECT_EQ(server_->connections(), 1U);
  EXPECT_EQ(sockets_of_a_child(), before);
}

TEST_F(HttpClientTest, ManyThreadsAskAtOnce) {
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 20; ++j) {
        const std::string text = std::to_string(i) + '/' + std::to_string(j);
        const HttpResult result = client_.send({.method = "POST", .url = url("/echo"), .body = text});
        if (result && result->body.ends_with("\n\n" + text)) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 160);
}

class HttpClientTls : public HttpClientTest {
 protected:
  void SetUp() override {}
  void start_tls(const std::string& cert, const std::string& key, bool asks_client = false) {
    config::WebConfig web;
    web.tls.emplace();
    web.tls->cert_file = cert;
    web.tls->key_file = key;
    if (asks_client) {
      web.tls->client_auth_type = config::ClientAuth::RequireAndVerifyClientCert;
      web.tls->client_ca_file = files_.ca();
    }
    start({.web = std::move(web)});
  }
  HttpErrorKind kind(HttpTls tls) { return client_.send({.url = url("/echo"), .tls = std::move(tls)}).kind(); }

  test::TestCertificates files_;
};

TEST_F(HttpClientTls, BelievesTheAuthorityItWasGiven) {
  start_tls(files_.server_cert(), files_.server_key());
  EXPECT_EQ(get({.url = url("/echo"), .tls = {.ca_file = files_.ca()}}).status, 200);
  const std::string by_name = "https://localhost:" + std::to_string(server_->port()) + "/echo";
  EXPECT_EQ(get({.url = by_name, .tls = {.ca_file = files_.ca()}}).status, 200);
}

TEST_F(HttpClientTls, DoesNotBelieveOthers) {
  start_tls(files_.server_cert(), files_.server_key());
  const HttpResult result = client_.send({.url = url("/echo")});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.kind(), HttpErrorKind::tls);
  EXPECT_THAT(result.error().message, HasSubstr("ca_file"));
  EXPECT_EQ(kind({.ca_file = files_.path("missing.pem")}), HttpErrorKind::tls);
  EXPECT_EQ(kind({.ca_file = files_.stranger_cert()}), HttpErrorKind::tls);
  EXPECT_EQ(kind({.skip_verify = true}), HttpErrorKind::none);
  // What was taken on trust once is not taken on trust by a request that wants to know.
  EXPECT_EQ(kind({}), HttpErrorKind::tls);
}

TEST_F(HttpClientTls, WantsTheCertificateToBeOfThatName) {
  start_tls(files_.client_cert(), files_.client_key());  // by the right authority, for another
  EXPECT_EQ(kind({.ca_file = files_.ca()}), HttpErrorKind::tls);
}

TEST_F(HttpClientTls, ShowsItsOwnCertificate) {
  start_tls(files_.server_cert(), files_.server_key(), true);
  EXPECT_EQ(kind({.ca_file = files_.ca(), .cert_file = files_.client_cert(), .key_file = files_.client_key()}),
            HttpErrorKind::none);
  EXPECT_NE(kind({.ca_file = files_.ca()}), HttpErrorKind::none);
  EXPECT_EQ(kind({.ca_file = files_.ca(), .cert_file = files_.path("missing.pem"), .key_file = files_.client_key()}),
            HttpErrorKind::tls);
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(HttpClientTls, TakesPemInsteadOfFiles) {
  start_tls(files_.server_cert(), files_.server_key(), true);
  const std::string ca = text_of(files_.ca());
  const std::string cert = text_of(files_.client_cert());
  const std::string key = text_of(files_.client_key());
  EXPECT_EQ(kind({.ca = ca, .cert = cert, .key = key}), HttpErrorKind::none);
  EXPECT_EQ(kind({.key_file = files_.client_key(), .ca = ca, .cert = cert}), HttpErrorKind::none) << "one of each";
  EXPECT_NE(kind({.ca = ca}), HttpErrorKind::none);
  // A connection that was opened with them is not for who does not show them.
  EXPECT_NE(kind({.ca = ca}), HttpErrorKind::none);
  EXPECT_EQ(kind({.ca = text_of(files_.stranger_cert()), .cert = cert, .key = key}), HttpErrorKind::tls);
  const std::string others = text_of(files_.stranger_key());
  HttpClient fresh;  // the other's open connection had shown that certificate with its key
  const HttpResult wrong = fresh.send({.url = url("/echo"), .tls = {.ca = ca, .cert = cert, .key = others}});
  EXPECT_EQ(wrong.kind(), HttpErrorKind::tls);
  EXPECT_EQ(wrong.error().message.find(others.substr(40, 20)), std::string::npos) << "the key is a secret";
  EXPECT_EQ(fresh.send({.url = url("/echo"), .tls = {.ca = ca, .cert = cert, .key = "no key"}}).kind(),
            HttpErrorKind::tls);
  EXPECT_EQ(kind({.ca = "no certificate"}), HttpErrorKind::tls);
}

TEST_F(HttpClientTls, WantsTheNameItIsTold) {
  start_tls(files_.server_cert(), files_.server_key());
  const HttpResponse named =
      get({.url = url("/echo?a=1"), .tls = {.ca_file = files_.ca(), .server_name = "localhost"}});
  EXPECT_EQ(named.status, 200);
  EXPECT_THAT(named.body, HasSubstr("/echo?a=1"));
  EXPECT_EQ(kind({.ca_file = files_.ca(), .server_name = "desk.example"}), HttpErrorKind::tls);
  EXPECT_EQ(kind({.ca_file = files_.ca()}), HttpErrorKind::none);
  EXPECT_EQ(kind({.ca_file = files_.ca(), .server_name = "desk.example"}), HttpErrorKind::tls)
      << "not over a connection to another name";
  EXPECT_EQ(get({.url = url("/host"), .tls = {.ca_file = files_.ca(), .server_name = "localhost"}}).body,
            "127.0.0.1:" + std::to_string(server_->port()))
      << "the host asked for stays that of the URL";
}

TEST_F(HttpClientTls, SpeaksTheVersionsItIsTold) {
  using config::TlsVersion;
  start_tls(files_.server_cert(), files_.server_key());
  EXPECT_EQ(kind({.ca_file = files_.ca(), .min_version = TlsVersion::Tls13}), HttpErrorKind::none);
  EXPECT_EQ(kind({.ca_file = files_.ca(), .max_version = TlsVersion::Tls12}), HttpErrorKind::none);
  EXPECT_EQ(kind({.ca_file = files_.ca(), .min_version = TlsVersion::Tls10, .max_version = TlsVersion::Tls11}),
            HttpErrorKind::tls)
      << "the server's least is 1.2";
}

TEST_F(HttpClientTls, ATlsPortThatSpeaksHttpIsNoTls) {
  start({});
  const std::string wrong = "https://127.0.0.1:" + std::to_string(server_->port()) + "/echo";
  EXPECT_EQ(client_.send({.url = wrong}).kind(), HttpErrorKind::tls);
}

TEST_F(HttpClientTest, ShowsItsPassword) {
  const auto data = std::make_unique<crypt_data>();
  config::WebConfig web;
  web.basic_auth_users = {{"alice", crypt_r("secret", "$2b$04$abcdefghijklmnopqrstuu", data.get())}};
  start({.web = std::move(web)});
  EXPECT_EQ(get({.url = url("/who"), .auth = BasicLogin{"alice", "secret"}}).body, "alice");
  EXPECT_EQ(get({.url = url("/who"), .auth = BasicLogin{"alice", "wrong"}}).status, 401);
  EXPECT_EQ(get({.url = url("/who")}).status, 401);
}

TEST_F(HttpClientTest, ShowsItsToken) {
  EXPECT_THAT(get({.url = url("/echo"), .auth = BearerToken{"abc.def"}}).body,
              HasSubstr("Authorization: Bearer abc.def\n"));
  EXPECT_THAT(get({.url = url("/echo")}).body, Not(HasSubstr("Authorization")));
}

}  // namespace
}  // namespace bellwether::net
