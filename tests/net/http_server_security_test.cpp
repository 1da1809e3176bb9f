// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <crypt.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <memory>
#include <thread>

#include "net/http_server.hpp"
#include "net/test_certificates.hpp"
#include "net/test_client.hpp"

// TLS and basic authentication.
namespace bellwether::net {
namespace {

using config::ClientAuth;
using config::TlsVersion;
using config::WebConfig;
using std::chrono::milliseconds;
using test::ClientResponse;
using test::ClientTls;
using test::eventually;
using test::TestClient;
using testing::HasSubstr;

std::string hash_of(const std::string& password, const char* setting = "$2b$04$abcdefghijklmnopqrstuu") {
  const auto data = std::make_unique<crypt_data>();
  return crypt_r(password.c_str(), setting, data.get());
}

std::string basic(const std::string& credentials) {
  std::string encoded(credentials.size() * 2 + 8, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                      reinterpret_cast<const unsigned char*>(credentials.data()), static_cast<int>(credentials.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Authorization: Basic " + encoded + "\r\n";
}

class HttpServerSecurity : public testing::Test {
 protected:
  static void SetUpTestSuite() { files = std::make_unique<test::TestCertificates>(); }
  static void TearDownTestSuite() { files.reset(); }

  static WebConfig tls(ClientAuth auth = ClientAuth::NoClientCert) {
    WebConfig web;
    web.tls.emplace();
    web.tls->cert_file = files->server_cert();
    web.tls->key_file = files->server_key();
    web.tls->client_auth_type = auth;
    if (auth >= ClientAuth::VerifyClientCertIfGiven) web.tls->client_ca_file = files->ca();
    return web;
  }

  static WebConfig users() {
    WebConfig web;
    web.basic_auth_users = {{"alice", hash_of("secret")}, {"bob", hash_of("other")}};
    return web;
  }

  static Result<std::unique_ptr<HttpServer>> try_start(WebConfig web, HttpServerOptions options = {}) {
    options.web = std::move(web);
    return HttpServer::start(
        std::move(options),
        {
            {"GET", "/who",
             [](const Request& request) {
               return Response::text(200, request.user + '|' + std::string(request.header("Authorization")));
             }},
            {"POST", "/echo", [](const Request& request) { return Response::text(200, request.body); }},
            {"GET", "/large", [](const Request&) { return Response::text(200, std::string(4 << 20, 'x')); }},
        });
  }

  void start(WebConfig web, HttpServerOptions options = {}) {
    auto started = try_start(std::move(web), std::move(options));
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }

  // What a client gets: a status, or 0 when it never gets one.
  int tls_status(const ClientTls& client_tls) const {
    TestClient client(server_->port(), client_tls);
    return client.tls_error().empty() ? client.get("/who").status : 0;
  }
  ClientTls anonymous() const { return {.ca_file = files->ca(), .cert_file = {}, .key_file = {}}; }
  ClientTls known() const {
    return {.ca_file = files->ca(), .cert_file = files->client_cert(), .key_file = files->client_key()};
  }
  ClientTls stranger() const {
    return {.ca_file = files->ca(), .cert_file = files->stranger_cert(), .key_file = files->stranger_key()};
  }

  static std::unique_ptr<test::TestCertificates> files;
  std::unique_ptr<HttpServer> server_;
};

std::unique_ptr<test::TestCertificates> HttpServerSecurity::files;

TEST_F(HttpServerSecurity, SpeaksTls) {
  start(tls());
  TestClient client(server_->port(), anonymous());
  ASSERT_EQ(client.tls_error(), "");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.get("/who").status, 200);
  EXPECT_EQ(client.get("/large").body.size(), 4U << 20);
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'y'));
  EXPECT_EQ(client.receive().body.size(), 100'000U);
  EXPECT_EQ(client.get("/who", "Connection: close\r\n").status, 200);
  EXPECT_TRUE(client.is_closed_by_server());
  EXPECT_THAT(server_->url(), HasSubstr("https://127.0.0.1:"));
}

TEST_F(HttpServerSecurity, TellsPlainHttpThatThePortSpeaksTls) {
  start(tls());
  TestClient client(server_->port());
  const ClientResponse response = client.get("/who");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "this port speaks HTTPS: write https:// before the address\n");
  EXPECT_EQ(tls_status(anonymous()), 200);
}

TEST_F(HttpServerSecurity, SurvivesBrokenHandshakes) {
  start(tls(), {.read_timeout = milliseconds{200}});
  for (const char* bytes :
       {"", "\x16\x03\x01\x02", "\x16\x03\x01\xff\xff\x01\x01\x01\x01", "nonsense nonsense nonsense"}) {
    TestClient client(server_->port());
    client.send(bytes);
    (void)client.read_to_end();
  }
  {
    TestClient gone(server_->port());
    gone.send("\x16\x03\x01");
  }
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
  EXPECT_EQ(tls_status(anonymous()), 200);
}

TEST_F(HttpServerSecurity, StopsWithTlsConnectionsOpen) {
  start(tls());
  TestClient idle(server_->port(), anonymous());
  EXPECT_EQ(idle.get("/who").status, 200);
  TestClient slow(server_->port(), anonymous());
  slow.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  TestClient shaking(server_->port());
  shaking.send("\x16\x03\x01");
  ASSERT_TRUE(eventually([&] { return server_->connections() == 3; }));
  server_->stop();
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(HttpServerSecurity, HoldsTheVersionsAskedFor) {
  start(tls());
  ClientTls old = anonymous();
  old.max_version = TLS1_1_VERSION;
  EXPECT_EQ(tls_status(old), 0);
  old.max_version = TLS1_2_VERSION;
  EXPECT_EQ(tls_status(old), 200);
  server_.reset();

  WebConfig modern = tls();
  modern.tls->min_version = TlsVersion::Tls13;
  start(modern);
  EXPECT_EQ(tls_status(old), 0);
  EXPECT_EQ(tls_status(anonymous()), 200);
  server_.reset();

  WebConfig lax = tls();
  lax.tls->min_version = TlsVersion::Tls10;
  start(lax);
  old.max_version = TLS1_1_VERSION;
  EXPECT_EQ(tls_status(old), 200);
}

TEST_F(HttpServerSecurity, HoldsTheCiphersAndCurvesAskedFor) {
  WebConfig web = tls();
  web.tls->max_version = TlsVersion::Tls12;
  web.tls->cipher_suites = {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"};
  web.tls->curve_preferences = {"CurveP384", "X25519", "CurveP256", "CurveP521"};
  start(web);
  EXPECT_EQ(tls_status(anonymous()), 200);
  server_.reset();
  web.tls->cipher_suites = {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"};  // the key is not RSA: nothing in common
  start(web);
  EXPECT_EQ(tls_status(anonymous()), 0);
}

TEST_F(HttpServerSecurity, AsksForClientCertificatesAsConfigured) {
  struct Case {
    ClientAuth auth;
    int anonymous, known, stranger;
  };
  for (const Case& expected : std::initializer_list<Case>{{ClientAuth::NoClientCert, 200, 200, 200},
                                                          {ClientAuth::RequestClientCert, 200, 200, 200},
                                                          {ClientAuth::RequireAnyClientCert, 0, 200, 200},
                                                          {ClientAuth::VerifyClientCertIfGiven, 200, 200, 0},
                                                          {ClientAuth::RequireAndVerifyClientCert, 0, 200, 0}}) {
    start(tls(expected.auth));
    EXPECT_EQ(tls_status(anonymous()), expected.anonymous) << static_cast<int>(expected.auth);
    EXPECT_EQ(tls_status(known()), expected.known) << static_cast<int>(expected.auth);
    EXPECT_EQ(tls_status(stranger()), expected.stranger) << static_cast<int>(expected.auth);
    server_.reset();
  }
}

TEST_F(HttpServerSecurity, SaysWhatIsWrongWithItsFiles) {
  const auto error_of = [](const WebConfig& web) {
    const auto started = try_start(web);
    return started ? "no error" : started.error().message;
  };
  WebConfig web = tls();
  web.tls->cert_file = "/nonexistent.pem";
  EXPECT_EQ(error_of(web), "TLS: cannot read the certificate /nonexistent.pem: check the path and its permissions");
  web.tls->cert_file = files->write("text.pem", "no certificate\n");
  EXPECT_THAT(error_of(web), HasSubstr("TLS: cannot use the certificate " + web.tls->cert_file + ": no start line"));
  web = tls();
  web.tls->key_file = files->client_key();
  EXPECT_THAT(error_of(web), HasSubstr("key values mismatch; it must be the key of " + files->server_cert()));
  web.tls->key_file = files->encrypted_key();
  EXPECT_THAT(error_of(web), HasSubstr("in PEM and not encrypted"));
  web.tls->key_file = files->server_cert();
  EXPECT_THAT(error_of(web), HasSubstr("TLS: cannot use the key"));
  web = tls(ClientAuth::RequireAndVerifyClientCert);
  web.tls->client_ca_file = "/nonexistent.pem";
  EXPECT_THAT(error_of(web), HasSubstr("TLS: cannot read the clients' authority /nonexistent.pem"));
  web = tls();
  web.tls->cipher_suites = {"TLS_NOBODY_KNOWS"};
  EXPECT_THAT(error_of(web), HasSubstr("does not know the cipher suite TLS_NOBODY_KNOWS"));
}

TEST_F(HttpServerSecurity, ListensToOthersOnlyWithTls) {
  EXPECT_TRUE(try_start(tls(), {.address = "0.0.0.0"}));
  const auto plain = try_start(users(), {.address = "0.0.0.0"});
  ASSERT_FALSE(plain);
  EXPECT_THAT(plain.error().message, HasSubstr("there is no TLS"));
}

TEST_F(HttpServerSecurity, LetsInWhoKnowsThePassword) {
  start(users());
  TestClient client(server_->port());
  EXPECT_EQ(client.get("/who", basic("alice:secret")).body, "alice|");
  EXPECT_EQ(client.get("/who", basic("bob:other")).body, "bob|");
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.get("/who", basic("alice:secret")).status, 200);
}

TEST_F(HttpServerSecurity, LetsNobodyElseIn) {
  start(users());
  TestClient client(server_->port());
  for (const std::string& header :
       {std::string(), basic("alice:wrong"), basic("alice:"), basic("alice"), basic("bob:secret"),
        basic("nobody:secret"), basic(":"), basic("ALICE:secret"), basic("alice:secret "),
        basic(std::string("alice:secret\0x", 14)), basic("alice:" + hash_of("secret")),
        std::string("Authorization: Bearer secret\r\n"), std::string("Authorization: Basic !!!\r\n"),
        basic("alice:" + std::string(9000, 'x'))}) {
    const ClientResponse response = client.get("/who", header);
    EXPECT_EQ(response.status, 401) << header;
    EXPECT_EQ(response.headers.at("www-authenticate"), "Basic realm=\"bellwether\"");
    EXPECT_EQ(response.body, "a user name and a password are needed\n");
    EXPECT_EQ(client.get("/missing", header).status, 401) << "nor may they learn what there is";
  }
  EXPECT_EQ(client.get("/who", basic("alice:secret")).status, 200);
}

TEST_F(HttpServerSecurity, ReadsNoBodyOfWhoIsNotLetIn) {
  start(users());
  TestClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().status, 401);
  EXPECT_TRUE(client.is_closed_by_server());
  TestClient right(server_->port());
  right.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n" + basic("alice:secret") + "\r\nabcde");
  EXPECT_EQ(right.receive().body, "abcde");
}

TEST_F(HttpServerSecurity, GuessersHoldBackNobodyWhoseLoginIsRemembered) {
  WebConfig web;
  web.basic_auth_users = {{"alice", hash_of("secret", "$2b$08$abcdefghijklmnopqrstuu")}};
  start(web);
  TestClient client(server_->port());
  ASSERT_EQ(client.get("/who", basic("alice:secret")).status, 200);
  std::vector<TestClient> guessers;
  guessers.reserve(40);
  for (int i = 0; i < 40; ++i) {
    guessers.emplace_back(server_->port());
    guessers.back().send("GET /who HTTP/1.1\r\nHost: x\r\n" + basic("alice:" + std::to_string(i)) + "\r\n");
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.get("/who", basic("alice:secret")).status, 200);
  int busy = 0;
  for (TestClient& guesser : guessers) {
    const int status = guesser.receive().status;
    EXPECT_TRUE(status == 401 || status == 503) << status;
    if (status == 503) ++busy;
  }
  EXPECT_LE(busy, 40 - 16);
}

TEST_F(HttpServerSecurity, StopsWhileLoginsWait) {
  WebConfig web;
  web.basic_auth_users = {{"alice", hash_of("secret", "$2b$08$abcdefghijklmnopqrstuu")}};
  start(web, {.stop_grace = milliseconds{1}});
  std::vector<TestClient> guessers;
  guessers.reserve(40);
  for (int i = 0; i < 16; ++i) {
    guessers.emplace_back(server_->port());
    guessers.back().send("GET /who HTTP/1.1\r\nHost: x\r\n" + basic("alice:" + std::to_string(i)) + "\r\n");
  }
  ASSERT_TRUE(eventually([&] { return server_->connections() == 16; }));
  server_->stop();
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(HttpServerSecurity, RefusesABadHashWithoutShowingIt) {
  WebConfig web;
  web.basic_auth_users = {{"alice", "hunter2"}};
  const auto started = try_start(web);
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("the password of user \"alice\" is not a bcrypt hash"));
  EXPECT_EQ(started.error().message.find("hunter2"), std::string::npos);
}

TEST_F(HttpServerSecurity, AddsTheHeadersOfTheConfiguration) {
  WebConfig web = users();
  web.headers = {{"X-Frame-Options", "deny"}};
  start(web);
  TestClient client(server_->port());
  EXPECT_EQ(client.get("/who").headers.at("x-frame-options"), "deny");
  EXPECT_EQ(client.get("/who", basic("alice:secret")).headers.at("x-frame-options"), "deny");
}

TEST_F(HttpServerSecurity, ChecksUsersOverTls) {
  WebConfig web = tls();
  web.basic_auth_users = users().basic_auth_users;
  start(web);
  TestClient client(server_->port(), anonymous());
  EXPECT_EQ(client.get("/who").status, 401);
  EXPECT_EQ(client.get("/who", basic("alice:secret")).body, "alice|");
}

}  // namespace
}  // namespace bellwether::net
