// SPDX-License-Identifier: EUPL-1.2
// The bench's own HTTP/1.1 client: one thread, epoll, kept connections, each sending its
// next request the moment it has the answer to the last. It reads as little of an answer
// as tells that it is whole and right, so that the processor is left to the server.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin::bench {

// One request. A body is JSON.
struct Call {
  std::string method = "GET";
  std::string target;
  std::string token;
  std::string body = {};
  std::string accept = {};  // how the answer may be packed
};
// Its bytes on the wire.
std::string ToHttp(const Call& call);

struct Answer {
  int status = 0;
  std::string body;
};
// One exchange on a connection of its own, waited for. Throws std::runtime_error when none comes.
Answer Ask(uint16_t port, const Call& call);

// Where an answer ends, found while its bytes come.
class AnswerReader {
 public:
  // Takes what came. True when the answer is whole; then status() and body() are known.
  // Throws std::runtime_error when it is not an answer with a length.
  bool Take(std::string_view bytes);
  int status() const { return status_; }
  std::string_view body() const { return std::string_view(bytes_).substr(body_at_); }
  void Restart();

 private:
  void ReadHead(size_t end);

  std::string bytes_;
  int status_ = 0;
  size_t body_at_ = 0;
  size_t length_ = 0;
};

// A connection that is kept: one question after the other, each waited for.
class Conversation {
 public:
  explicit Conversation(uint16_t port);
  ~Conversation();
  Conversation(const Conversation&) = delete;

  // Throws std::runtime_error when no answer comes.
  Answer Ask(const Call& call);

 private:
  int socket_;
  AnswerReader reader_;
};

struct Load {
  int connections = 16;
  double warm_s = 0.5;
  uint64_t warm_requests = 0;  // instead of `warm_s`, where there is no more than so much to ask
  double measure_s = 3;
  int expected_status = 200;
  // Appends the bytes of the next request; nothing when there are no more, and the load ends
  // when the last is answered.
  std::function<void(std::string& out)> next;
  // Called when the measured span begins and ends: the moment to look at the server.
  std::function<void()> begin = [] {};
  std::function<void()> end = [] {};
};

struct Outcome {
  uint64_t requests = 0;  // answered rightly within the measured span
  uint64_t errors = 0;    // at any time: another status, a broken connection
  std::string first_error;
  double seconds = 0;
  double body_bytes = 0;  // of an answer, on the average
  double p50_ms = 0;
  double p99_ms = 0;
  double p999_ms = 0;

  double PerSecond() const { return seconds > 0 ? static_cast<double>(requests) / seconds : 0; }
};
Outcome Drive(uint16_t port, const Load& load);

// Connections that ask nothing, until it is destroyed. Throws std::runtime_error when one is not taken.
class IdleCrowd {
 public:
  IdleCrowd(uint16_t port, int connections);
  ~IdleCrowd();
  IdleCrowd(const IdleCrowd&) = delete;

 private:
  std::vector<int> sockets_;
};

// The value below which `share` of the sorted values lie; 0 when there are none.
double Percentile(const std::vector<uint32_t>& sorted, double share);

}  // namespace huiyin::bench
