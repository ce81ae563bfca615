// SPDX-License-Identifier: EUPL-1.2
#include <csignal>
#include <cstdio>

#include "app/commands.h"
#include "modules/outbox/fake_gateway.h"

namespace huiyin::app {
namespace {

int RunFakeGateway(std::span<const std::string> args) {
  const Arguments arguments(args, {"listen", "delay"});
  const std::string listen = arguments.Get("listen").value_or("127.0.0.1:8025");
  const size_t colon = listen.rfind(':');
  const int port = colon == std::string::npos ? -1 : std::atoi(listen.c_str() + colon + 1);
  if (port < 0 || port > 65534) throw Usage("--listen wants ADDRESS:PORT, such as 127.0.0.1:8025");
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const outbox::FakeGateway gateway({.address = listen.substr(0, colon), .sms_port = port,
                                     .mail_port = port == 0 ? 0 : port + 1,
                                     .delay_ms = std::atoi(arguments.Get("delay").value_or("0").c_str())});
  const std::string host = listen.substr(0, colon);
  fmt::print("SMS at http://{0}:{1}/sms, mail at smtp://{0}:{2}, shown on http://{0}:{1}/\n", host, gateway.sms_port(), gateway.mail_port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace

extern const Command kFakeGateway;
const Command kFakeGateway = {
    "fake-gateway", "stand in for the SMS gateway and the mail server, and show what came",
    R"(huiyin fake-gateway [--listen 127.0.0.1:8025]

For demos and tests: takes SMS over HTTP at the port and mail over SMTP at the next one,
sends nothing on, and shows it on a page (and as JSON at /messages). What comes twice under
one id is counted, not kept twice. It asks nobody who they are: never on an open network.

  --listen A:P   address and port; 0 lets the system choose both and prints them
  --delay MS     wait so long before each answer)",
    RunFakeGateway};

}  // namespace huiyin::app
