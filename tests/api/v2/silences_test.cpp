// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/v2_fixture.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

constexpr const char* silences = "/api/v2/silences";

std::string silence(const std::string& matchers = R"([{"name":"alertname","value":"A","isRegex":false}])",
                    const std::string& starts = "2026-11-21T12:00:00Z",
                    const std::string& ends = "2026-11-21T13:00:00Z",
                    const std::string& rest = R"("createdBy":"me","comment":"c")") {
  return R"({"matchers":)" + matchers + R"(,"startsAt":")" + starts + R"(","endsAt":")" + ends + R"(",)" + rest + '}';
}

std::string id_of(const std::string& answer) {
  const std::size_t begin = answer.find("\":\"") + 3;
  return answer.substr(begin, answer.find('"', begin) - begin);
}

TEST_F(V2Test, a_silence_is_made_shown_changed_and_ended) {
  const std::string made = text(post(silences, silence()));
  ASSERT_TRUE(made.starts_with(R"(200 {"silenceID":")")) << made;
  const std::string id = id_of(made);
  EXPECT_EQ(
      text(ask("GET", "/api/v2/silence/" + id)),
      R"(200 {"id":")" + id +
          R"(","status":{"state":"active"},"updatedAt":"2026-11-21T12:00:00.000Z","comment":"c","createdBy":"me",)"
          R"("endsAt":"2026-11-21T13:00:00.000Z","matchers":[{"isEqual":true,"isRegex":false,"name":"alertname","value":"A"}],)"
          R"("startsAt":"2026-11-21T12:00:00.000Z"})");
  EXPECT_EQ(silences_->silencing({{"alertname", "A"}}, noon), std::vector<std::string>{id});
  const std::string longer = silence(R"([{"name":"alertname","value":"A","isRegex":false}])", "2026-11-21T12:00:00Z",
                                     "2026-11-21T15:00:00Z", R"("createdBy":"me","comment":"c","id":")" + id + '"');
  EXPECT_EQ(id_of(text(post(silences, longer))), id);
  EXPECT_NE(text(ask("GET", silences)).find("2026-11-21T15:00:00.000Z"), std::string::npos);
  clock_.advance(std::chrono::seconds{5});
  EXPECT_EQ(text(ask("DELETE", "/api/v2/silence/" + id)), "200");
  EXPECT_EQ(text(ask("DELETE", "/api/v2/silence/" + id)), "200") << "twice does no harm";
  EXPECT_NE(text(ask("GET", silences)).find(R"("state":"expired")"), std::string::npos);
}

TEST_F(V2Test, all_kinds_of_matchers_arrive) {
  const std::string made = text(post(
      silences,
      silence(
          R"([{"name":"a","value":"1","isRegex":false,"isEqual":true},{"name":"b","value":"2","isRegex":true},)"
          R"({"name":"c","value":"3","isRegex":false,"isEqual":false},{"name":"d","value":"4","isRegex":true,"isEqual":false}])")));
  const auto kept = silences_->find(id_of(made));
  ASSERT_TRUE(kept) << made;
  EXPECT_EQ(config::to_string(kept->matchers), R"({a="1",b=~"2",c!="3",d!~"4"})");
}

TEST_F(V2Test, wrong_silences_are_refused_as_alertmanager_does) {
  EXPECT_EQ(text(post(silences, silence("[]"))),
            R"(422 {"code":612,"message":"matchers in body should have at least 1 items"})");
  EXPECT_EQ(text(post(silences, silence(R"([{"name":"a","isRegex":false}])"))),
            R"(422 {"code":602,"message":"matchers.0.value in body is required"})");
  const std::string good = R"([{"name":"a","value":"1","isRegex":false}])";
  EXPECT_EQ(text(post(silences, silence(good, "2026-11-21T13:00:00Z", "2026-11-21T12:30:00Z"))),
            "400 \"Failed to create silence: start time must be before end time\"");
  EXPECT_EQ(text(post(silences, silence(good, "2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z"))),
            "400 \"Failed to create silence: end time can't be in the past\"");
  EXPECT_EQ(text(post(silences, silence(good, "2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z", R"("comment":"c")"))),
            R"(422 {"code":602,"message":"createdBy in body is required"})");
  const std::string unknown = R"("createdBy":"me","comment":"c","id":"8fe2b0ae-0d0b-4a35-8f2a-5d16f9b8a9a1")";
  EXPECT_EQ(text(post(silences, silence(good, "2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z", unknown))),
            "404 \"silence not found\"");
  EXPECT_EQ(post(silences, silence(R"([{"name":"a","value":"","isRegex":false}])")).status, 400) << "would match all";
  EXPECT_EQ(post(silences, silence(R"([{"name":"a","value":"(","isRegex":true}])")).status, 400);
  EXPECT_EQ(post(silences, silence(R"([{"name":"a","value":5,"isRegex":true}])")).status, 400);
  EXPECT_EQ(post(silences, silence(good, "soon")).status, 400);
  EXPECT_EQ(post(silences, "[]").status, 400);
  EXPECT_EQ(post(silences, "{").status, 400);
  std::string many;
  for (std::size_t i = 0; i <= max_matchers; ++i) many += (many.empty() ? "" : ",") + good.substr(1, good.size() - 2);
  EXPECT_EQ(post(silences, silence('[' + many + ']')).status, 400);
  EXPECT_EQ(text(ask("GET", silences)), "200 []");
}

TEST_F(V2Test, ids_that_are_none) {
  EXPECT_EQ(text(ask("GET", "/api/v2/silence/zz")),
            R"(422 {"code":601,"message":"silenceID in path must be of type uuid: \"zz\""})");
  EXPECT_EQ(ask("GET", "/api/v2/silence/8fe2b0ae-0d0b-4a35-8f2a-5d16f9b8a9a1").status, 404);
  EXPECT_EQ(ask("DELETE", "/api/v2/silence/zz").status, 422);
  EXPECT_EQ(ask("DELETE", "/api/v2/silence/8fe2b0ae-0d0b-4a35-8f2a-5d16f9b8a9a1").status, 404);
}

TEST_F(V2Test, silences_are_sorted_and_filtered) {
  const auto make = [&](const std::string& name, const char* starts, const char* ends) {
    return id_of(text(
        post(silences, silence(R"([{"name":"alertname","value":")" + name + R"(","isRegex":false}])", starts, ends))));
  };
  const std::string late = make("A", "2026-11-21T12:00:00Z", "2026-11-21T15:00:00Z");
  const std::string pending = make("B", "2026-11-21T14:00:00Z", "2026-11-21T15:00:00Z");
  const std::string soon = make("A", "2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z");
  const std::string all = text(ask("GET", silences));
  EXPECT_LT(all.find(soon), all.find(late));
  EXPECT_LT(all.find(late), all.find(pending));
  EXPECT_NE(all.find(R"("state":"pending")"), std::string::npos);
  const std::string some = text(ask("GET", "/api/v2/silences?filter=alertname%3DB"));
  EXPECT_NE(some.find(pending), std::string::npos);
  EXPECT_EQ(some.find(late), std::string::npos);
  EXPECT_EQ(text(ask("GET", "/api/v2/silences?filter=venue%3Dx")), "200 []");
  EXPECT_EQ(ask("GET", "/api/v2/silences?filter=venue").status, 400);
}

TEST_F(V2Test, a_silence_link_shows_a_page_whose_button_does_it) {
  add({{"alertname", "A"}, {"note", "<script>"}});
  const std::string token = links_.sign({notify::LinkPurpose::silence, "alertname=\"A\"", noon + 60'000});
  const std::string target = "/-/silence?token=" + token;
  const net::Response page = ask("GET", target);
  EXPECT_EQ(page.status, 200);
  const std::string html = text(page);
  EXPECT_NE(html.find("note=&quot;&lt;script&gt;&quot;"), std::string::npos) << html;
  EXPECT_EQ(html.find("<script>"), std::string::npos);
  EXPECT_NE(html.find("<form method=\"post\">"), std::string::npos);
  EXPECT_TRUE(silences_->all().empty()) << "mail scanners follow links";
  EXPECT_NE(std::find(page.headers.begin(), page.headers.end(), net::Field{"X-Frame-Options", "DENY"}),
            page.headers.end());
  EXPECT_EQ(ask("POST", target, "comment=x").status, 400) << "a name is wanted";
  EXPECT_EQ(ask("POST", target, "by=ann&duration=1y").status, 400);
  EXPECT_EQ(
      ask("POST", target, "by=ann&duration=4h", {{"Origin", "https://evil.example"}, {"Host", "desk:9090"}}).status,
      403);
  EXPECT_EQ(ask("POST", target, "by=ann&duration=4h&comment=known+<b>",
                {{"Origin", "http://desk:9090"}, {"Host", "desk:9090"}})
                .status,
            200);
  ASSERT_EQ(silences_->all().size(), 1U);
  EXPECT_EQ(silences_->all()[0].created_by, "ann");
  EXPECT_EQ(silences_->all()[0].comment, "known <b>");
  EXPECT_EQ(silences_->all()[0].ends_ms, noon + 4 * 3'600'000);
}

TEST_F(V2Test, an_acknowledge_link_takes_a_fingerprint_or_a_group) {
  const notify::AlertView one = add({{"alertname", "A"}});
  const notify::AlertView two = add({{"alertname", "B"}});
  groups_ = {{"{}:{team=\"fx\"}", "fx", {{"team", "fx"}}, {one, two}}};
  const auto target = [&](const std::string& subject) {
    return "/-/acknowledge?token=" + links_.sign({notify::LinkPurpose::acknowledge, subject, noon + 60'000});
  };
  EXPECT_NE(text(ask("GET", target(one.fingerprint))).find("alertname=&quot;A&quot;"), std::string::npos);
  EXPECT_TRUE(acknowledged_.empty());
  EXPECT_EQ(ask("POST", target(one.fingerprint), "by=ann").status, 200);
  EXPECT_EQ(acknowledged_.size(), 1U);
  EXPECT_EQ(ask("POST", target("{}:{team=\"fx\"}"), "by=bob").status, 200);
  EXPECT_EQ(acknowledged_.size(), 3U);
  EXPECT_NE(text(ask("GET", target("0000000000000000"))).find("Nothing to acknowledge"), std::string::npos);
}

TEST_F(V2Test, links_that_are_not_ours_do_nothing) {
  const std::string old = links_.sign({notify::LinkPurpose::silence, "alertname=\"A\"", noon - 1});
  const std::string other = links_.sign({notify::LinkPurpose::acknowledge, "alertname=\"A\"", noon + 1000});
  for (const std::string& token : {old, other, std::string("x"), std::string(), std::string(100'000, 'a')}) {
    EXPECT_EQ(ask("GET", "/-/silence?token=" + token).status, 403);
    EXPECT_EQ(ask("POST", "/-/silence?token=" + token, "by=ann").status, 403);
  }
  EXPECT_TRUE(silences_->all().empty());
}

}  // namespace
}  // namespace api
BELLWETHER_NAMESPACE_END
