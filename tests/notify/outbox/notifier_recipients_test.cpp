// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// A message to several people, of whom some are put off or refused while the others get it: nobody is lost, nobody is told twice.
#include "notifier_world.hpp"
#include "storage/sqlite_file.hpp"

namespace notifier_test {
namespace {

const Labels urgent{{"severity", "P0"}};

LeftOut left_out(const std::string& recipient, DeliveryOutcome outcome = DeliveryOutcome::transient) {
  return {recipient, outcome, recipient + (outcome == DeliveryOutcome::transient ? ": 451 later" : ": 550 nobody")};
}

DeliveryResult taken_but_for(std::vector<LeftOut> left_out) {
  DeliveryResult result;
  result.left_out = std::move(left_out);
  return result;
}

DeliveryResult taken_by_nobody(std::vector<LeftOut> left_out) {
  DeliveryResult result = failing(DeliveryOutcome::transient);
  result.left_out = std::move(left_out);
  return result;
}

class NotifierRecipients : public World {
 protected:
  NotifierRecipients() {
    yaml.replace(yaml.find("30s"), 3, "0s");
    for (const char* name : {"desk", "spare", "boss"}) {
      receivers[name].push_back(std::make_shared<FakeIntegration>("email[0]"));
    }
    receiver().people = {"ann", "bob", "cid"};
  }
  /// Each attempt since the last call: "first F:a > ann,bob"; all: no names.
  Texts attempts() {
    Texts out;
    for (; seen_ < receiver().messages.size(); ++seen_) {
      const OutgoingMessage& message = receiver().messages[seen_];
      std::string text = message.payload;
      for (std::size_t i = 0; i < message.recipients.size(); ++i) {
        text += (i == 0 ? " > " : ",") + message.recipients[i];
      }
      out.push_back(std::move(text));
    }
    return out;
  }
  void kill_and_start_again() {
    kill();
    seen_ = 0;
    start();
  }
  std::size_t seen_ = 0;
};

TEST_F(NotifierRecipients, WhoWasPutOffIsTriedAgainAloneUnderTheSameId) {
  start();
  receiver().answers = {taken_but_for({left_out("bob")}), taken_by_nobody({left_out("bob")}), {}};
  post({alert("a")});
  EXPECT_EQ(attempts(), Texts{"first F:a"});
  EXPECT_EQ(notifier->status().pending, 1U);
  pass(1min);
  EXPECT_EQ(attempts(), (Texts{"first F:a > bob", "first F:a > bob"}));
  EXPECT_EQ(receiver().messages[2].id, receiver().messages[0].id);
  EXPECT_EQ(receiver().messages[2].attempt, 3U);
  pass(30min);
  EXPECT_EQ(attempts(), Texts{});
  EXPECT_EQ(notifier->status().pending, 0U);
  EXPECT_TRUE(notifier->dead_letters().empty());
  EXPECT_EQ(told("spare"), Texts{});
}

TEST_F(NotifierRecipients, OfThoseWhoWerePutOffOnlyTheRestIsTriedOn) {
  start();
  receiver().answers = {taken_but_for({left_out("cid"), left_out("bob")}), taken_but_for({left_out("cid")}), {}};
  post({alert("a")});
  pass(1min);
  EXPECT_EQ(attempts(), (Texts{"first F:a", "first F:a > bob,cid", "first F:a > cid"}));
  EXPECT_EQ(notifier->status().pending, 0U);
}

TEST_F(NotifierRecipients, WhoIsRefusedForGoodIsADeadLetterAndTheFallbackIsTold) {
  start();
  receiver().answers = {taken_but_for({left_out("bob", DeliveryOutcome::permanent), left_out("cid")}), {}};
  post({alert("a")});
  EXPECT_EQ(told("spare"), Texts{"first F:a!"});
  const std::vector<DeadLetter> dead = notifier->dead_letters();
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].error, "bob: 550 nobody");
  EXPECT_EQ(dead[0].payload, "first F:a");
  pass(1min);
  EXPECT_EQ(attempts(), (Texts{"first F:a", "first F:a > cid"}));
  EXPECT_EQ(told("spare"), Texts{});
  EXPECT_EQ(notifier->dead_letters().size(), 1U);
}

TEST_F(NotifierRecipients, OfAllWhoAreRefusedForGoodTheFallbackHearsOnce) {
  start();
  receiver().answers = {
      taken_but_for({left_out("cid", DeliveryOutcome::permanent), left_out("ann", DeliveryOutcome::permanent)})};
  post({alert("a")});
  EXPECT_EQ(told("spare"), Texts{"first F:a!"});
  const std::vector<DeadLetter> dead = notifier->dead_letters();
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].error, "cid: 550 nobody; ann: 550 nobody");
  EXPECT_EQ(notifier->status().pending, 0U);
}

TEST_F(NotifierRecipients, WhereNobodyWasTakenTheRefusedAreGivenUpAndTheOthersTriedAgain) {
  start();
  receiver().people = {"ann", "bob"};
  receiver().answers = {taken_by_nobody({left_out("ann", DeliveryOutcome::permanent), left_out("bob")}),
                        taken_by_nobody({left_out("bob")}),
                        {}};
  post({alert("a")});
  ASSERT_EQ(notifier->dead_letters().size(), 1U);
  EXPECT_EQ(notifier->dead_letters()[0].error, "ann: 550 nobody");
  EXPECT_EQ(told("spare"), Texts{"first F:a!"});
  pass(1min);
  EXPECT_EQ(attempts(), (Texts{"first F:a", "first F:a > bob", "first F:a > bob"}));
  EXPECT_EQ(notifier->status().pending, 0U);
}

TEST_F(NotifierRecipients, WhoIsRefusedForGoodLaterIsGivenUpThen) {
  start();
  DeliveryResult never = failing(DeliveryOutcome::permanent);
  receiver().answers = {taken_but_for({left_out("bob")}), never};
  post({alert("a")});
  pass(1min);
  ASSERT_EQ(notifier->dead_letters().size(), 1U);
  EXPECT_EQ(told("spare"), Texts{"first F:a!"});
  EXPECT_EQ(notifier->status().pending, 0U);
}

TEST_F(NotifierRecipients, WhoIsPutOffForTooLongIsADeadLetter) {
  start();
  receiver().answers = {taken_but_for({left_out("bob")})};
  receiver().otherwise = taken_by_nobody({left_out("bob")});
  post({alert("a", {{"severity", "info"}})});
  pass(59min);
  EXPECT_TRUE(notifier->dead_letters().empty());
  pass(2min);
  ASSERT_EQ(notifier->dead_letters().size(), 1U);
  EXPECT_EQ(notifier->status().pending, 0U);
  EXPECT_EQ(told("spare"), Texts{"first F:a!"});
  for (const OutgoingMessage& message : receiver().messages) {
    EXPECT_EQ(message.recipients, message.attempt == 1 ? Texts{} : Texts{"bob"});
  }
}

TEST_F(NotifierRecipients, TheFallbackHearsWithinAMinuteOfWhoMissesAnUrgentAlert) {
  start();
  receiver().answers = {taken_but_for({left_out("bob")})};
  receiver().otherwise = taken_by_nobody({left_out("bob")});
  post({alert("a", urgent)});
  pass(10min);
  EXPECT_EQ(told("spare"), Texts{"first F:a!"});
  EXPECT_EQ(notifier->status().pending, 1U);
}

TEST_F(NotifierRecipients, TheOthersDoNotWaitAndEachHearsInOrder) {
  start();
  const rules::Alert a = alert("a", urgent);
  DeliveryResult put_off = taken_by_nobody({left_out("bob")});
  put_off.retry_after = 1min;
  receiver().answers = {taken_but_for({left_out("bob")}), put_off, {}, {}};
  post({a});
  pass(5s);
  EXPECT_EQ(attempts(), (Texts{"first F:a", "first F:a > bob"}));
  receiver().answers.clear();
  post({ended(a)});
  pass(2min);
  // The end goes to bob after its beginning, however late that is.
  Texts all = attempts();
  ASSERT_EQ(all.size(), 3U);
  std::vector<std::size_t> of_bob;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == "first F:a > bob") of_bob.push_back(i);
    if (all[i] == "all R:a > bob") of_bob.push_back(i + 10);
  }
  ASSERT_EQ(of_bob.size(), 2U);
  EXPECT_LT(of_bob[0], 10U);
  EXPECT_GT(of_bob[1], of_bob[0] + 10);
  EXPECT_NE(std::find(all.begin(), all.end(), "all R:a > ann,cid"), all.end());
}

TEST_F(NotifierRecipients, WhatFollowsForWhoWasPutOffQueuesUpBehind) {
  start();
  receiver().answers = {taken_but_for({left_out("bob")})};
  receiver().otherwise = taken_by_nobody({left_out("bob")});
  receiver().on_deliver = [this](const OutgoingMessage& message) {
    const bool of_bob = message.recipients == Texts{"bob"};
    receiver().otherwise = of_bob ? taken_by_nobody({left_out("bob")}) : DeliveryResult{};
  };
  const rules::Alert a = alert("a");
  post({a});
  pass(6min);
  const rules::Alert b = alert("b");
  post({b});
  pass(6min);
  post({ended(a), ended(b)});
  pass(6min);
  const Texts all = attempts();
  EXPECT_EQ(std::count(all.begin(), all.end(), "new F:a,b > ann,cid"), 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), "all R:a,b > ann,cid"), 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), "new F:a,b > bob"), 0);
  EXPECT_EQ(notifier->status().pending, 3U);
  receiver().on_deliver = {};
  receiver().otherwise = {};
  pass(6min);
  EXPECT_EQ(attempts(), (Texts{"first F:a > bob", "new F:a,b > bob", "all R:a,b > bob"}));
  EXPECT_EQ(notifier->status().pending, 0U);
}

TEST_F(NotifierRecipients, RepeatsDoNotPileUpBehindWhoWasPutOff) {
  yaml.replace(yaml.find("repeat_interval: 4h"), 19, "repeat_interval: 10m");
  start();
  receiver().on_deliver = [this](const OutgoingMessage& message) {
    receiver().otherwise =
        message.recipients == Texts{"bob"} ? taken_by_nobody({left_out("bob")}) : taken_but_for({left_out("bob")});
  };
  post({alert("a")});
  pass(1h);
  EXPECT_EQ(notifier->status().pending, 1U);
  const Texts all = attempts();
  EXPECT_GE(std::count(all.begin(), all.end(), "repeat F:a > ann,cid"), 4);
}

TEST_F(NotifierRecipients, AKillKeepsWhoIsLeftAndTheOrder) {
  start();
  receiver().answers = {taken_but_for({left_out("bob")})};
  receiver().on_deliver = [this](const OutgoingMessage& message) {
    if (message.recipients == Texts{"bob"}) receiver().otherwise = failing(DeliveryOutcome::transient, 10min);
  };
  const rules::Alert a = alert("a", urgent);
  post({a});
  pass(5s);
  const std::uint64_t id = receiver().messages[0].id;
  kill_and_start_again();
  receiver().otherwise = {};
  EXPECT_EQ(attempts(), Texts{});
  post({ended(a)});
  pass(11min);
  EXPECT_EQ(attempts(), (Texts{"all R:a > ann,cid", "first F:a > bob", "all R:a > bob"}));
  EXPECT_EQ(receiver().messages[1].id, id);
  EXPECT_EQ(receiver().messages[2].id, receiver().messages[0].id);
}

TEST_F(NotifierRecipients, AKillBetweenTheAnswerAndItsCommitRepeatsThatAttemptOnly) {
  start();
  receiver().answers = {taken_but_for({left_out("bob")})};
  const rules::Alert a = alert("a");
  post({a});
  receiver().hang = true;
  pass(5s);  // the attempt to bob is under way, its answer never comes
  EXPECT_EQ(attempts(), (Texts{"first F:a", "first F:a > bob"}));
  const std::uint64_t id = receiver().messages[0].id;
  kill_and_start_again();
  EXPECT_EQ(attempts(), Texts{"first F:a > bob"});
  EXPECT_EQ(receiver().messages[0].id, id);
}

TEST_F(NotifierRecipients, AnUrgentMessageHurriesWhatItsPeopleWaitFor) {
  start();
  receiver().on_deliver = [this](const OutgoingMessage& message) {
    receiver().otherwise =
        message.recipients.empty() ? taken_but_for({left_out("bob")}) : taken_by_nobody({left_out("bob")});
  };
  post({alert("a")});
  pass(20min);
  attempts();
  receiver().on_deliver = {};
  receiver().otherwise = {};
  post({alert("b", urgent)});
  pass(1s);
  EXPECT_EQ(attempts().size(), 3U);
  EXPECT_EQ(notifier->status().pending, 0U);
}

TEST_F(NotifierRecipients, OneMailboxThatIsFullDoesNotOpenTheBreaker) {
  yaml.replace(yaml.find("[alertname]"), 11, "['...']");
  start();
  receiver().on_deliver = [this](const OutgoingMessage& message) {
    receiver().otherwise =
        message.recipients == Texts{"bob"} ? taken_by_nobody({left_out("bob")}) : taken_but_for({left_out("bob")});
  };
  for (int i = 0; i < 5; ++i) post({alert("a" + std::to_string(i))});
  pass(10min);
  attempts();
  post({alert("b")});
  EXPECT_EQ(attempts(), Texts{"first F:b"});
}

TEST_F(NotifierRecipients, AnAnswerAboutStrangersOrWithNamesTwiceLosesNobody) {
  start();
  receiver().answers = {
      taken_but_for({left_out("eve"), left_out("eve", DeliveryOutcome::permanent), left_out("bob"), left_out("bob")}),
      taken_but_for({left_out("ann"), left_out("bob")}),
      {}};
  post({alert("a")});
  pass(1min);
  EXPECT_EQ(attempts(), (Texts{"first F:a", "first F:a > bob", "first F:a > bob"}));
  EXPECT_TRUE(notifier->dead_letters().empty());
  EXPECT_EQ(notifier->status().pending, 0U);
}

TEST_F(NotifierRecipients, ALateAnswerLeavesThoseWhoStillMissIt) {
  start();
  receiver().hang = true;
  post({alert("a")});
  pass(3min);  // the lease of the first attempt is over, the second is under way
  ASSERT_GE(receiver().waiting.size(), 2U);
  receiver().hang = false;
  receiver().waiting[0](taken_but_for({left_out("bob")}));
  notifier->run_due();
  attempts();
  pass(5s);
  EXPECT_EQ(attempts(), Texts{"first F:a > bob"});
  receiver().waiting[1]({});
  pass(1min);
  EXPECT_EQ(attempts(), Texts{});
  EXPECT_EQ(notifier->status().pending, 0U);
}

TEST_F(NotifierRecipients, AFileOfAnEarlierVersionIsTaken) {
  start();
  receiver().otherwise = failing(DeliveryOutcome::transient, 1min);
  post({alert("a")});
  kill();
  {
    storage::FileFault fault = storage::FileFault::none;
    auto file = storage::SqliteFile::open(
        {.path = options.directory + "/alerts.sqlite", .writable = true, .full_sync = true, .vfs = {}}, fault);
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_TRUE((*file)->run("DROP TABLE outbox_parts"));
  }
  seen_ = 0;
  start();
  pass(2min);
  EXPECT_EQ(attempts(), Texts{"first F:a"});
}

}  // namespace
}  // namespace notifier_test
