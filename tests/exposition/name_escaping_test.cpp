// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/name_escaping.hpp"

#include <bellwether/registry.hpp>

#include <gtest/gtest.h>

#include <string>

#include "tests/exposition/written.hpp"

namespace bellwether::exposition {
namespace {

TEST(NameEscaping, follows_the_schemes) {
  struct Case {
    const char* name;
    const char* underscores;
    const char* dots;
    const char* values;
  };
  for (const Case& c :
       {Case{"", "", "", ""},
        Case{"no:escaping_required", "no:escaping_required", "no:escaping__required", "no:escaping_required"},
        Case{"mysystem.prod.west.cpu.load", "mysystem_prod_west_cpu_load",
             "mysystem_dot_prod_dot_west_dot_cpu_dot_load", "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load"},
        Case{"mysystem.prod.west.cpu.load_total", "mysystem_prod_west_cpu_load_total",
             "mysystem_dot_prod_dot_west_dot_cpu_dot_load__total", "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load__total"},
        Case{"http.status:sum", "http_status:sum", "http_dot_status:sum", "U__http_2e_status:sum"},
        Case{"label with 😱", "label_with__", "label__with____", "U__label_20_with_20__1f631_"},
        Case{"花火", "__", "____", "U___82b1__706b_"}, Case{"1st", "_st", "__st", "U___31_st"}}) {
    EXPECT_EQ(escape_name(c.name, Escaping::underscores), c.underscores);
    EXPECT_EQ(escape_name(c.name, Escaping::dots), c.dots);
    EXPECT_EQ(escape_name(c.name, Escaping::values), c.values);
    EXPECT_EQ(escape_name(c.name, Escaping::allow_utf8), c.name);
  }
}

TEST(NameEscaping, a_label_name_has_no_colon) {
  EXPECT_EQ(escape_label_name("a:b", Escaping::underscores), "a_b");
  EXPECT_EQ(escape_label_name("a:b", Escaping::values), "U__a_3a_b");
  EXPECT_EQ(escape_label_name("a:b", Escaping::allow_utf8), "a:b");
  EXPECT_EQ(escape_label_name("a_b", Escaping::underscores), "a_b");
}

class Utf8Names : public ::testing::Test {
 protected:
  Utf8Names() {
    registry.counter<"exchange name", "ok">("orders.sent_total", "O.").value().at("a \"b\"", "c").inc(3);
    registry.gauge("equity 💰", "E.").value().set(2);
    registry.histogram<"k">("latency.seconds", "L.", Buckets::of({1})).value().at("v").observe(0.5);
    registry.info("build info.x", "B.", {{"git.commit", "abc"}}).value();
    registry.state_set("session.state", "S.", {"closed", "open"}).value().set(1);
  }

  std::string text(Exposition exposition, Escaping escaping) const {
    return written(registry, {.exposition = exposition, .escaping = escaping});
  }

  Registry registry{{.utf8_names = true}};
};

TEST_F(Utf8Names, stand_in_quotes_where_the_reader_takes_them) {
  EXPECT_EQ(text(Exposition::text, Escaping::allow_utf8),
            "# HELP \"build info.x_info\" B.\n# TYPE \"build info.x_info\" gauge\n{\"build "
            "info.x_info\",\"git.commit\"=\"abc\"} 1\n"
            "# HELP \"equity 💰\" E.\n# TYPE \"equity 💰\" gauge\n{\"equity 💰\"} 2\n"
            "# HELP \"latency.seconds\" L.\n# TYPE \"latency.seconds\" "
            "histogram\n{\"latency.seconds_bucket\",k=\"v\",le=\"1\"} 1\n"
            "{\"latency.seconds_bucket\",k=\"v\",le=\"+Inf\"} 1\n{\"latency.seconds_sum\",k=\"v\"} 0.5\n"
            "{\"latency.seconds_count\",k=\"v\"} 1\n"
            "# HELP \"orders.sent_total\" O.\n# TYPE \"orders.sent_total\" counter\n"
            "{\"orders.sent_total\",\"exchange name\"=\"a \\\"b\\\"\",ok=\"c\"} 3\n"
            "# HELP \"session.state\" S.\n# TYPE \"session.state\" "
            "gauge\n{\"session.state\",\"session.state\"=\"closed\"} 0\n"
            "{\"session.state\",\"session.state\"=\"open\"} 1\n");
}

TEST_F(Utf8Names, become_plain_names_under_underscores) {
  EXPECT_EQ(
      text(Exposition::openmetrics, Escaping::underscores),
      "# HELP build_info_x B.\n# TYPE build_info_x info\nbuild_info_x_info{git_commit=\"abc\"} 1\n"
      "# HELP equity__ E.\n# TYPE equity__ gauge\nequity__ 2\n"
      "# HELP latency_seconds L.\n# TYPE latency_seconds histogram\nlatency_seconds_bucket{k=\"v\",le=\"1.0\"} 1\n"
      "latency_seconds_bucket{k=\"v\",le=\"+Inf\"} 1\nlatency_seconds_sum{k=\"v\"} 0.5\nlatency_seconds_count{k=\"v\"} "
      "1\n"
      "# HELP orders_sent O.\n# TYPE orders_sent counter\norders_sent_total{exchange_name=\"a \\\"b\\\"\",ok=\"c\"} 3\n"
      "# HELP session_state S.\n# TYPE session_state stateset\nsession_state{session_state=\"closed\"} 0\n"
      "session_state{session_state=\"open\"} 1\n# EOF\n");
}

TEST_F(Utf8Names, keep_the_suffixes_of_openmetrics_under_each_scheme) {
  // A sample's name is the name of its family and a suffix of its type, whatever the scheme makes of underscores.
  EXPECT_NE(
      text(Exposition::openmetrics, Escaping::dots)
          .find("# TYPE orders_dot_sent_ counter\norders_dot_sent__total{exchange__name=\"a \\\"b\\\"\",ok=\"c\"} 3\n"),
      std::string::npos);
  EXPECT_NE(text(Exposition::openmetrics, Escaping::dots)
                .find("# TYPE build__info_dot_x info\nbuild__info_dot_x_info{git_dot_commit=\"abc\"} 1\n"),
            std::string::npos);
  EXPECT_NE(text(Exposition::openmetrics, Escaping::values)
                .find("# TYPE U__orders_2e_sent_ counter\nU__orders_2e_sent__total{"),
            std::string::npos);
}

TEST_F(Utf8Names, mean_the_same_in_every_format) {
  for (const Escaping escaping : {Escaping::underscores, Escaping::dots, Escaping::values, Escaping::allow_utf8}) {
    for (const Exposition exposition : {Exposition::text, Exposition::openmetrics, Exposition::protobuf}) {
      const ParsedMetrics read = read_back(registry, {.exposition = exposition, .escaping = escaping});
      const auto name = [&](std::string_view n) { return escape_name(n, escaping); };
      const std::string label = escape_label_name("exchange name", escaping);
      EXPECT_EQ(read.value(name("orders.sent_total"), {{label, "a \"b\""}, {"ok", "c"}}), 3.0);
      EXPECT_EQ(read.value(name("equity 💰")), 2.0);
      EXPECT_EQ(read.value(name("latency.seconds") + "_count", {{"k", "v"}}), 1.0);
      EXPECT_EQ(read.value(name("latency.seconds") + "_bucket", {{"le", "+Inf"}}), 1.0);
      EXPECT_EQ(read.value(name("build info.x") + "_info", {{escape_label_name("git.commit", escaping), "abc"}}), 1.0);
      EXPECT_EQ(read.value(name("session.state"), {{escape_label_name("session.state", escaping), "open"}}), 1.0);
    }
  }
}

TEST(PlainNames, double_their_underscores_only_under_dots) {
  Registry registry;
  registry.counter<"a_b">("orders_total", "O.").value().at("x").inc();
  for (const Exposition exposition : {Exposition::text, Exposition::openmetrics, Exposition::protobuf}) {
    EXPECT_EQ(read_back(registry, {.exposition = exposition, .escaping = Escaping::dots})
                  .value("orders__total", {{"a__b", "x"}}),
              1.0);
    EXPECT_EQ(read_back(registry, {.exposition = exposition, .escaping = Escaping::values})
                  .value("orders_total", {{"a_b", "x"}}),
              1.0);
  }
}

TEST(PlainNames, a_state_set_with_a_colon_has_a_label_without) {
  Registry registry;
  registry.state_set("desk:session", "S.", {"closed", "open"}).value().set(1);
  for (const ScrapeFormat& format : all_formats) {
    EXPECT_EQ(read_back(registry, format).value("desk:session", {{"desk_session", "open"}}), 1.0);
  }
}

}  // namespace
}  // namespace bellwether::exposition
