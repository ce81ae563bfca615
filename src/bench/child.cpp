// SPDX-License-Identifier: EUPL-1.2
#include "bench/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

namespace huiyin::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "written by a signal handler");

}  // namespace

Child::Child(const std::vector<std::string>& command, const std::filesystem::path& log)
    : name_(command.front()) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
  const int errors = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
  std::vector<char*> args;
  for (const std::string& word : command) args.push_back(const_cast<char*>(word.c_str()));
  args.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // A ^C of the terminal is for the bench, which then stops its children in order.
    setpgid(0, 0);
    if (getppid() != parent) _exit(127);  // the bench died before the line above
    dup2(ends[1], STDOUT_FILENO);
    if (errors >= 0) dup2(errors, STDERR_FILENO);
    execvp(args[0], args.data());
    _exit(127);
  }
  close(ends[1]);
  if (errors >= 0) close(errors);
  output_ = ends[0];
  if (pid_ < 0) throw std::runtime_error(name_ + ": cannot be started");
}

Child::~Child() {
  Stop();
  close(output_);
}

std::string Child::ReadLine(std::chrono::milliseconds patience) {
  const auto end = Clock::now() + patience;
  for (;;) {
    if (const size_t at = unread_.find('\n'); at != std::string::npos) {
      std::string line = unread_.substr(0, at);
      unread_.erase(0, at + 1);
      return line;
    }
    CheckInterrupt();
    if (Clock::now() > end) throw std::runtime_error(name_ + ": said nothing");
    pollfd wait{output_, POLLIN, 0};
    if (poll(&wait, 1, 100) <= 0) continue;
    char bytes[4096];
    const ssize_t size = read(output_, bytes, sizeof bytes);
    if (size == 0) throw std::runtime_error(name_ + ": ended; its log says why");
    if (size > 0) unread_.append(bytes, static_cast<size_t>(size));
  }
}

void Child::Stop() {
  if (pid_ <= 0) return;
  kill(pid_, SIGTERM);
  const auto end = Clock::now() + std::chrono::seconds(15);
  while (!HasEnded()) {
    if (Clock::now() > end || interrupted) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  pid_ = -1;
}

bool Child::HasEnded() const { return waitpid(pid_, nullptr, WNOHANG) != 0; }

int64_t Child::CpuMicros() const {
  const auto stat = StatOf(pid_);
  if (!stat) throw std::runtime_error(name_ + ": has ended");
  return stat->own_us;
}

int64_t Child::AnonymousKib() const {
  std::ifstream in(fmt::format("/proc/{}/status", pid_));
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("RssAnon:")) return std::stoll(line.substr(8));
  }
  throw std::runtime_error(name_ + ": has ended");
}

std::optional<ProcessStat> StatOf(pid_t pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::stringstream text;
  text << in.rdbuf();
  const std::string line = text.str();
  // The second field is the program's name in brackets and may hold blanks.
  const size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(name_end + 2));
  std::string skipped;
  ProcessStat stat;
  rest >> skipped >> stat.parent;
  for (int field = 5; field < 14; ++field) rest >> skipped;
  int64_t user = 0, kernel = 0, childrens_user = 0, childrens_kernel = 0;
  rest >> user >> kernel >> childrens_user >> childrens_kernel;
  const int64_t tick_us = 1'000'000 / sysconf(_SC_CLK_TCK);
  stat.own_us = (user + kernel) * tick_us;
  stat.children_us = (childrens_user + childrens_kernel) * tick_us;
  return stat;
}

int64_t FamilyCpuMicros(pid_t pid) {
  const auto head = StatOf(pid);
  if (!head) return 0;
  int64_t us = head->own_us + head->children_us;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto stat = StatOf(static_cast<pid_t>(std::stol(name)));
    if (stat && stat->parent == pid) us += stat->own_us;
  }
  return us;
}

void WatchForInterrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = true; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void CheckInterrupt() {
  if (interrupted) throw Interrupted();
}

}  // namespace huiyin::bench
