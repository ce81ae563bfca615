// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/carrier.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "modules/outbox/fake_gateway.h"

namespace huiyin::outbox {
namespace {

namespace fs = std::filesystem;
using How = Outcome::How;

constexpr const char* kHostile[] = {
    "\r\n.\r\nMAIL FROM:<x@y>\r\n", "\n.\n", "\r\nBcc: <all@example.org>\r\n\r\n", "=?UTF-8?B?", "..", ".\r\n",
    "\"}\r\nX: y\r\n\r\n{\"id\":\"0\"", "<script>", "' OR 1=1 --", "\xe2\x80\xae", "𠮷田水渠坏了水渠坏了水渠坏了水渠坏了水渠坏了水渠坏了水渠坏了水渠坏了"};

std::unique_ptr<Carrier> Sms(const FakeGateway& gateway, std::string token = "") {
  SmsGateway to = ReadSmsGateway("http://127.0.0.1:" + std::to_string(gateway.sms_port()) + "/sms");
  to.token = std::move(token);
  return MakeSmsCarrier(to);
}

MailServer Relay(int port) {
  MailServer server = ReadMailServer("smtp://127.0.0.1:" + std::to_string(port));
  server.from = "county@example.org";
  return server;
}

TEST(OutboxCarriers, AnSmsArrivesWithItsIdAndToken) {
  FakeGateway gateway({.token = "s3cret"});
  EXPECT_EQ(Sms(gateway, "s3cret")->Carry({"id-1", "13900001234", "", "有新进展", "zh-CN"}).how, How::kSent);
  ASSERT_EQ(gateway.TakenSoFar().size(), 1U);
  EXPECT_EQ(gateway.TakenSoFar()[0].id, "id-1");
  EXPECT_EQ(gateway.TakenSoFar()[0].text, "有新进展");
  EXPECT_NE(gateway.Transcript().find("Idempotency-Key: id-1\r\n"), std::string::npos);
  // A wrong token may be put right: it is tried again.
  const Outcome outcome = Sms(gateway, "wrong")->Carry({"id-2", "13900001234", "", "x", "zh-CN"});
  EXPECT_EQ(outcome.how, How::kLater);
  EXPECT_EQ(outcome.problem, "http_401");
}

TEST(OutboxCarriers, WhatTheGatewaySaysDecides) {
  struct Case {
    int status;
    How how;
  };
  for (const Case& c : {Case{200, How::kSent}, {202, How::kSent}, {409, How::kSent}, {400, How::kNever}, {422, How::kNever},
                        {404, How::kNever}, {401, How::kLater}, {403, How::kLater}, {408, How::kLater}, {429, How::kLater},
                        {500, How::kLater}, {503, How::kLater}, {302, How::kLater}}) {
    FakeGateway gateway({.refusal = [&](int) { return c.status; }});
    EXPECT_EQ(Sms(gateway)->Carry({"id", "13900001234", "", "x", "en"}).how, c.how) << c.status;
  }
}

TEST(OutboxCarriers, AGatewayThatIsAwayIsTriedAgain) {
  int port = 0;
  { port = FakeGateway({}).sms_port(); }
  const auto carrier = MakeSmsCarrier(ReadSmsGateway("http://127.0.0.1:" + std::to_string(port)));
  const Outcome outcome = carrier->Carry({"id", "13900001234", "", "x", "en"});
  EXPECT_EQ(outcome.how, How::kLater);
  EXPECT_EQ(outcome.problem, "unreachable");
  // One that speaks another language: a mail server.
  FakeGateway gateway({});
  EXPECT_EQ(MakeSmsCarrier(ReadSmsGateway("http://127.0.0.1:" + std::to_string(gateway.mail_port())))
                ->Carry({"id", "13900001234", "", "x", "en"}).problem, "not_http");
  // A plain port where TLS was asked for.
  EXPECT_EQ(MakeSmsCarrier(ReadSmsGateway("https://127.0.0.1:" + std::to_string(gateway.mail_port())))
                ->Carry({"id", "13900001234", "", "x", "en"}).problem, "tls");
}

TEST(OutboxCarriers, AMailArrivesAsItWasWritten) {
  FakeGateway gateway({});
  const Outcome outcome = MakeMailCarrier(Relay(gateway.mail_port()))
      ->Carry({"id-1", "zhang@example.org", "您的诉求有新进展，请凭回执查询，谢谢您的耐心等待与支持", "您好：\n\n有新进展。\n.\n", "zh-CN"});
  EXPECT_EQ(outcome.how, How::kSent) << outcome.problem;
  ASSERT_EQ(gateway.TakenSoFar().size(), 1U);
  const auto mail = gateway.TakenSoFar()[0];
  EXPECT_EQ(mail.id, "id-1");
  EXPECT_EQ(mail.to, "zhang@example.org");
  EXPECT_EQ(mail.title, "您的诉求有新进展，请凭回执查询，谢谢您的耐心等待与支持");
  EXPECT_EQ(mail.text, "您好：\n\n有新进展。\n.\n");
}

TEST(OutboxCarriers, WhatPeopleWroteNeverBecomesACommandOrAHeader) {
  FakeGateway gateway({});
  const auto carrier = MakeMailCarrier(Relay(gateway.mail_port()));
  for (const char* hostile : kHostile) {
    EXPECT_EQ(carrier->Carry({"id-1", std::string("a@b.cn") + hostile, "t", "x", "en"}).how, How::kNever) << hostile;
    EXPECT_EQ(carrier->Carry({"id-1", hostile, "t", "x", "en"}).how, How::kNever) << hostile;
  }
  EXPECT_EQ(gateway.Transcript(), "");
  int number = 0;
  for (const char* hostile : kHostile) {
    const std::string id = "id-" + std::to_string(++number);
    EXPECT_EQ(carrier->Carry({id, "a@b.cn", hostile, hostile, "en"}).how, How::kSent) << hostile;
    const auto taken = gateway.TakenSoFar();
    ASSERT_EQ(taken.size(), static_cast<size_t>(number)) << hostile;
    EXPECT_EQ(taken.back().title, hostile);
    EXPECT_EQ(taken.back().text, hostile);
    EXPECT_EQ(taken.back().to, "a@b.cn");
  }
  // Each line is one of ours: a command, a header of the fixed list, or base64.
  const std::string mail = MailOf(Relay(1), {"id", "a@b.cn", kHostile[0], kHostile[2], "en"}, "now");
  int headers = 0;
  for (size_t at = 0; at < mail.size();) {
    const size_t end = mail.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_EQ(mail.substr(at, end - at).find_first_of("\r\n"), std::string::npos);
    headers += mail.substr(at, end - at).find(": ") != std::string::npos;
    at = end + 2;
  }
  EXPECT_EQ(headers, 9);
  FakeGateway sms({});
  number = 0;
  for (const char* hostile : kHostile) {
    EXPECT_EQ(Sms(sms)->Carry({"id-" + std::to_string(++number), "13900001234", "", hostile, "en"}).how, How::kSent) << hostile;
    EXPECT_EQ(sms.TakenSoFar().back().text, hostile);
  }
  EXPECT_EQ(sms.TakenSoFar().size(), std::size(kHostile));
}

TEST(OutboxCarriers, AMailServersRefusalIsOfTheMailOnlyWhenItSaysSo) {
  for (const auto& [status, how] : {std::pair{451, How::kLater}, {550, How::kNever}}) {
    FakeGateway gateway({.refusal = [status = status](int) { return status; }});
    const Outcome outcome = MakeMailCarrier(Relay(gateway.mail_port()))->Carry({"id", "a@b.cn", "t", "x", "en"});
    EXPECT_EQ(outcome.how, how);
    EXPECT_EQ(outcome.problem, "smtp_" + std::to_string(status));
  }
  // STARTTLS that is not offered: nothing is said in the clear.
  FakeGateway gateway({});
  MailServer server = Relay(gateway.mail_port());
  server.security = Security::kStartTls;
  EXPECT_EQ(MakeMailCarrier(server)->Carry({"id", "a@b.cn", "t", "x", "en"}).how, How::kLater);
  EXPECT_EQ(gateway.Transcript().find("a@b.cn"), std::string::npos);
}

TEST(OutboxCarriers, AddressesAreReadOrRefusedWithTheReason) {
  const SmsGateway sms = ReadSmsGateway("https://sms.example.org/v1/send?x=1");
  EXPECT_EQ(sms.host + ":" + sms.port + sms.path, "sms.example.org:443/v1/send?x=1");
  EXPECT_TRUE(sms.is_tls);
  EXPECT_EQ(ReadSmsGateway("http://[::1]:8080").host, "::1");
  EXPECT_EQ(ReadMailServer("smtps://mail.example.org").port, "465");
  EXPECT_EQ(ReadMailServer("smtp+starttls://mail.example.org:2525").port, "2525");
  for (const char* bad : {"", "sms.example.org", "ftp://x", "http://", "http://x:0", "http://x:99999", "http://x:y",
                          "http://user:pw@x", "http://x y", "http://x\r\nX: y"}) {
    EXPECT_THROW(ReadSmsGateway(bad), std::runtime_error) << bad;
  }
  EXPECT_THROW(ReadMailServer("smtp://x/path"), std::runtime_error);
}

TEST(OutboxCarriers, ASecretIsTheFirstLineOfItsFile) {
  const fs::path file = fs::temp_directory_path() / fmt::format("huiyin-secret-{}", ::getpid());
  const auto write = [&](std::string_view text) { std::ofstream(file) << text; };
  write("s3cret\r\nmore\n");
  EXPECT_EQ(ReadSecret(file), "s3cret");
  for (const char* bad : {"", "\n", "a b\n", "a\tb"}) {
    write(bad);
    EXPECT_THROW(ReadSecret(file), std::runtime_error) << bad;
  }
  fs::remove(file);
  EXPECT_THROW(ReadSecret(file), std::runtime_error);
}

}  // namespace
}  // namespace huiyin::outbox
