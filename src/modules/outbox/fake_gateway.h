// SPDX-License-Identifier: EUPL-1.2
// A stand-in for the SMS gateway and the mail server outside, for tests and for a demo that
// needs nobody's services: takes what is sent, drops doubles by their id as a real gateway
// does, and shows what came. Not for the open network: it asks nobody who they are.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace huiyin::outbox {

class FakeGateway {
 public:
  struct Taken {
    std::string id;
    std::string way;  // sms email
    std::string to;
    std::string title;  // of mails, as it came
    std::string text;
    int times = 1;  // how often it was sent
  };
  struct Options {
    std::string address = "127.0.0.1";
    int sms_port = 0;   // 0: the system chooses
    int mail_port = 0;
    // What to answer to the n-th message sent (from 1) instead of taking it: an HTTP or SMTP
    // status; 0 takes it. Absent: takes all.
    std::function<int(int)> refusal = {};
    std::string token = {};  // when set, an SMS without it is refused with 401
    int delay_ms = 0;        // before each answer
  };

  // Binds and listens. Throws std::runtime_error when it cannot.
  explicit FakeGateway(Options options);
  ~FakeGateway();
  int sms_port() const { return sms_port_; }
  int mail_port() const { return mail_port_; }
  std::vector<Taken> TakenSoFar() const;
  // Everything that was said to it, byte by byte, for tests of what may never be said.
  std::string Transcript() const;

 private:
  void Listen(int& fd, int& port, int wanted);
  void Serve(int listener, void (FakeGateway::*talk)(int));
  void TalkHttp(int fd);
  void TalkMail(int fd);
  bool ReadLine(int fd, std::string& pending, std::string& line);
  std::string Page() const;
  int Verdict();
  void Take(Taken taken);

  Options options_;
  int sms_fd_ = -1, mail_fd_ = -1;
  int sms_port_ = 0, mail_port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> sent_{0};
  mutable std::mutex mutex_;
  std::vector<Taken> taken_;
  std::string transcript_;
  std::thread sms_thread_, mail_thread_;
};

}  // namespace huiyin::outbox
