// SPDX-License-Identifier: EUPL-1.2
#include "http/server.h"

#include <stdexcept>

#include "http/connection.h"

namespace huiyin::http {
namespace {

std::string PeerAddress(const tcp::socket& socket) {
  error_code ec;
  const auto endpoint = socket.remote_endpoint(ec);
  if (ec) return "";
  const auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

// One acceptor deals the sockets out in turn: with SO_REUSEPORT the kernel's hash would
// leave one of two threads with two thirds of a few dozen connections.
struct Server::State {
  std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  std::vector<std::shared_ptr<Worker>> workers;
  std::optional<tcp::acceptor> acceptor;  // lives on the first worker
  std::optional<net::steady_timer> retry;
  uint16_t port = 0;
  size_t next = 0;

  void Accept() {
    Worker& worker = *workers[next++ % workers.size()];
    acceptor->async_accept(worker.io, [this, &worker](error_code ec, tcp::socket socket) {
      if (ec == net::error::operation_aborted || !acceptor->is_open()) return;
      if (ec) return AcceptLater();
      Welcome(worker, std::move(socket));
      Accept();
    });
  }

  // Out of descriptors, most likely: others will be closed in a moment.
  void AcceptLater() {
    retry->expires_after(std::chrono::milliseconds{50});
    retry->async_wait([this](error_code ec) {
      if (!ec && acceptor->is_open()) Accept();
    });
  }

  void Welcome(Worker& worker, tcp::socket socket) {
    auto& counters = shared->counters;
    counters.connections_total.fetch_add(1, std::memory_order_relaxed);
    if (counters.connections_open.fetch_add(1) >= shared->options.max_connections) {
      counters.connections_open.fetch_sub(1);
      counters.Refused("http.too_many_connections");
      if (shared->options.certificates) return;  // it would not be understood before a handshake
      std::string out;
      const Response response = EdgeProblem(503, "http.too_many_connections");
      AppendHead(out, response, {.date = workers[0]->date, .keep_alive = false});
      out += response.body;
      error_code ignored;
      socket.non_blocking(true, ignored);
      socket.write_some(net::buffer(out), ignored);
      return;
    }
    std::string peer = PeerAddress(socket);
    if (worker.IsCurrent()) return worker.Adopt(std::move(socket), std::move(peer));
    net::post(worker.io, [&worker, socket = std::move(socket), peer = std::move(peer)]() mutable {
      worker.Adopt(std::move(socket), std::move(peer));
    });
  }

  void Bind() {
    const auto& options = shared->options;
    error_code ec;
    const auto address = net::ip::make_address(options.address, ec);
    tcp::endpoint endpoint(address, options.port);
    if (!ec) acceptor->open(endpoint.protocol(), ec);
    if (!ec) acceptor->set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor->bind(endpoint, ec);
    if (!ec) acceptor->listen(4'096, ec);
    if (ec) {
      throw std::runtime_error(fmt::format(
          "cannot listen on {} port {}: {}", options.address, options.port, ec.message()));
    }
    port = acceptor->local_endpoint().port();
  }

  bool IsDrainedBy(std::chrono::steady_clock::time_point end) const {
    while (shared->counters.connections_open.load() > 0) {
      if (std::chrono::steady_clock::now() >= end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return true;
  }
};

Server::Server(ServerOptions options, Handler handler) : state_(std::make_unique<State>()) {
  state_->shared->options = std::move(options);
  state_->shared->handler = std::move(handler);
}

Server::~Server() {
  Stop(std::chrono::milliseconds{0});
}

void Server::Start() {
  auto& state = *state_;
  const int threads = std::max(1, state.shared->options.threads);
  for (int i = 0; i < threads; ++i) {
    state.workers.push_back(std::make_shared<Worker>(state.shared));
  }
  state.acceptor.emplace(state.workers[0]->io);
  state.retry.emplace(state.workers[0]->io);
  state.Bind();
  state.Accept();
  for (const auto& worker : state.workers)
    worker->Run();
}

uint16_t Server::port() const {
  return state_->port;
}

void Server::Stop(std::chrono::milliseconds grace) {
  auto& state = *state_;
  if (state.workers.empty()) return;
  const auto end = std::chrono::steady_clock::now() + grace;
  const bool is_running = state.workers[0]->thread.joinable();
  if (is_running) {
    net::post(state.workers[0]->io, [&state] {
      error_code ignored;
      state.acceptor->close(ignored);
      state.retry->cancel();
      // After the acceptor: whatever it handed on before is adopted before this runs.
      for (const auto& worker : state.workers) {
        net::post(worker->io, [worker = worker.get()] { worker->BeginStop(); });
      }
    });
    state.IsDrainedBy(end);
  }
  for (const auto& worker : state.workers)
    worker->io.stop();
  for (const auto& worker : state.workers) {
    if (worker->thread.joinable()) worker->thread.join();
    worker->CloseAll();
  }
  state.retry.reset();
  state.acceptor.reset();
  state.workers.clear();
  state.shared->handler = nullptr;
}

const ServerCounters& Server::counters() const {
  return state_->shared->counters;
}

}  // namespace huiyin::http
