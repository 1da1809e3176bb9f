// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/router.hpp"

#include <gtest/gtest.h>

namespace bellwether::net {
namespace {

using Segments = std::vector<std::string>;

Route route(std::string method, std::string path) {
  std::string name = method + ' ' + path;
  return {std::move(method), std::move(path), [name](const Request&) { return Response::text(200, name); }};
}

std::string name_of(const Router::Match& match) {
  return match.handler == nullptr ? "none" : std::get<std::string>((*match.handler)(Request{}).body);
}

std::string error_of(std::vector<Route> routes) {
  const auto router = Router::build(std::move(routes));
  return router ? "no error" : router.error().message;
}

TEST(Router, PrefersTheMoreExactPath) {
  const auto router =
      Router::build({route("GET", "/{path...}"), route("GET", "/engines/{symbol}"), route("GET", "/engines/status"),
                     route("GET", "/engines/{symbol}/{action}"), route("GET", "/")});
  ASSERT_TRUE(router) << router.error().message;
  EXPECT_EQ(name_of(router->find("GET", {""})), "GET /");
  EXPECT_EQ(name_of(router->find("GET", {"engines", "status"})), "GET /engines/status");
  EXPECT_EQ(name_of(router->find("GET", {"engines", "BTC/USDT"})), "GET /engines/{symbol}");
  EXPECT_EQ(name_of(router->find("GET", {"engines", "BTC", "start"})), "GET /engines/{symbol}/{action}");
  EXPECT_EQ(name_of(router->find("GET", {"engines", ""})), "GET /{path...}");
  EXPECT_EQ(name_of(router->find("GET", {"a", "b", ""})), "GET /{path...}");
}

TEST(Router, HandsOverParameters) {
  const auto router = Router::build({route("POST", "/engines/{symbol}/start"), route("GET", "/static/{path...}")});
  ASSERT_TRUE(router);
  EXPECT_EQ(router->find("POST", {"engines", "BTC/USDT", "start"}).parameters,
            (std::vector<Field>{{"symbol", "BTC/USDT"}}));
  EXPECT_EQ(router->find("GET", {"static", "js", "page.js"}).parameters, (std::vector<Field>{{"path", "js/page.js"}}));
  EXPECT_EQ(router->find("GET", {"static", ""}).parameters, (std::vector<Field>{{"path", ""}}));
  EXPECT_EQ(router->find("GET", {"static"}).handler, nullptr);
  EXPECT_EQ(router->find("POST", {"engines", "", "start"}).handler, nullptr);
}

TEST(Router, AnswersHeadByGetUnlessThereIsARouteForIt) {
  const auto router = Router::build({route("GET", "/a"), route("GET", "/b"), route("HEAD", "/b")});
  ASSERT_TRUE(router);
  EXPECT_EQ(name_of(router->find("HEAD", {"a"})), "GET /a");
  EXPECT_EQ(name_of(router->find("HEAD", {"b"})), "HEAD /b");
}

TEST(Router, NamesTheMethodsThatAPathHas) {
  const auto router = Router::build({route("GET", "/a"), route("POST", "/a"), route("PUT", "/{x}")});
  ASSERT_TRUE(router);
  EXPECT_EQ(router->find("DELETE", {"a"}).allow, "GET, HEAD, POST, PUT");
  EXPECT_EQ(router->find("DELETE", {"b"}).allow, "PUT");
  EXPECT_EQ(router->find("GET", {"a", "b"}).allow, "");
  EXPECT_EQ(name_of(router->find("PUT", {"a"})), "PUT /{x}");
}

TEST(Router, RefusesRoutesThatAreWrittenWrong) {
  EXPECT_EQ(error_of({route("get", "/a")}), "route get /a: the method must be capital letters, as in GET");
  EXPECT_EQ(error_of({route("GET", "a")}), "route GET a: the path must begin with '/'");
  EXPECT_EQ(error_of({route("GET", "")}), "route GET : the path must begin with '/'");
  EXPECT_EQ(error_of({{"GET", "/a", nullptr}}), "route GET /a: has no handler");
  EXPECT_EQ(error_of({route("GET", "/{a...}/b")}), "route GET /{a...}/b: nothing can follow {a...}");
  EXPECT_EQ(error_of({route("GET", "/{a}/{a}")}), "route GET /{a}/{a}: two parameters are called a");
  for (const char* path : {"/{}", "/{...}", "/{a", "/a}", "/x{a}", "/{a-b}", "/{a}{b}"}) {
    EXPECT_NE(error_of({route("GET", path)}).find("a parameter is written /{name}"), std::string::npos) << path;
  }
  EXPECT_EQ(error_of({route("GET", "/{a}/b"), route("GET", "/{c}/b")}),
            "route GET /{c}/b: stands twice (also as /{a}/b)");
}

}  // namespace
}  // namespace bellwether::net
