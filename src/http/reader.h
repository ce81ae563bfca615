// SPDX-License-Identifier: EUPL-1.2
// One request out of the bytes of a connection. Beast's parser walks over them and finds the
// structure; what may not pass although it is well formed is refused here, before a handler
// sees it.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <utility>

#include "http/server.h"

namespace huiyin::http {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

inline constexpr size_t kReadSize = 64 * 1024;
inline constexpr size_t kMaxHeaders = 100;

// What all threads of one server share. A reply still to come keeps it alive.
struct Shared {
  ServerOptions options;
  Handler handler;
  ServerCounters counters;
  std::atomic<size_t> in_flight{0};
  std::atomic<size_t> buffered_bytes{0};

  // Leaves the number at 0. Most requests have no body and touch nothing shared.
  void GiveBack(size_t& held_bytes) {
    if (held_bytes == 0) return;
    buffered_bytes.fetch_sub(std::exchange(held_bytes, 0), std::memory_order_relaxed);
  }
};

struct Refusal {
  int status = 0;  // 0 while nothing was refused
  std::string_view code;
};
inline bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

// Fills a Request while Beast's parser walks over the bytes. Beast finds the structure;
// what may not pass although it is well formed is decided here.
class Reader final : public beast_http::basic_parser<true> {
 public:
  explicit Reader(Shared& shared) : shared_(shared) {
    header_limit(static_cast<uint32_t>(shared.options.max_header_bytes));
    body_limit(boost::none);  // known only when the head is read: see on_header_impl
    request.headers.reserve(12);
  }
  ~Reader() override { shared_.GiveBack(held_bytes_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // The bytes of the body stay counted until the returned number is given back.
  size_t TakeHeldBytes() { return std::exchange(held_bytes_, 0); }

  Request request;
  Refusal refusal;
  bool is_http10 = false;
  bool expects_continue = false;

 private:
  using string_view = boost::beast::string_view;

  void Refuse(int status, std::string_view code, error_code& ec) {
    refusal = {status, code};
    ec = beast_http::error::bad_value;
  }

  void on_request_impl(beast_http::verb known,
                       string_view method,
                       string_view target,
                       int version,
                       error_code& ec) override {
    using beast_http::verb;
    switch (known) {
      case verb::get:
      case verb::head:
      case verb::post:
      case verb::put:
      case verb::patch:
      case verb::delete_:
      case verb::options:
        break;
      default:
        return Refuse(501, "http.unknown_method", ec);
    }
    is_http10 = version == 10;
    request.method.assign(method.data(), method.size());
    std::string_view rest(target.data(), target.size());
    for (std::string_view scheme : {"http://", "https://"}) {
      if (!EqualsIgnoringCase(rest.substr(0, scheme.size()), scheme)) continue;
      const size_t path = rest.find_first_of("/?", scheme.size());
      rest = path == std::string_view::npos ? "/" : rest.substr(path);
      if (rest.front() == '?') request.target = "/";
      break;
    }
    request.target += rest;
    auto parsed = ParseTarget(request.target);
    if (!parsed) return Refuse(400, "http.bad_target", ec);
    request.path = std::move(parsed->path);
    request.query = std::move(parsed->query);
  }

  void on_response_impl(int, string_view, int, error_code&) override {}

  void on_field_impl(beast_http::field known,
                     string_view name,
                     string_view value,
                     error_code& ec) override {
    if (is_header_done()) return;  // a trailer: nobody may smuggle in a header that late
    if (request.headers.size() >= kMaxHeaders) return Refuse(431, "http.too_many_headers", ec);
    using beast_http::field;
    if (known == field::host && ++hosts_ > 1) return Refuse(400, "http.malformed", ec);
    if (known == field::content_length && ++lengths_ > 1) {
      return Refuse(400, "http.malformed", ec);
    }
    // Any other coding would leave two readers of one stream with different ends of it.
    if (known == field::transfer_encoding) {
      if (is_http10 || !EqualsIgnoringCase({value.data(), value.size()}, "chunked")) {
        return Refuse(400, "http.unknown_coding", ec);
      }
    }
    if (known == field::expect) {
      if (!EqualsIgnoringCase({value.data(), value.size()}, "100-continue")) {
        return Refuse(417, "http.unknown_expectation", ec);
      }
      expects_continue = !is_http10;
    }
    auto& header = request.headers.emplace_back();
    header.first.assign(name.data(), name.size());
    for (char& c : header.first) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    header.second.assign(value.data(), value.size());
  }

  void on_header_impl(error_code& ec) override {
    if (!is_http10 && hosts_ == 0) return Refuse(400, "http.host_missing", ec);
    const auto& options = shared_.options;
    const bool is_upload = options.is_upload && options.is_upload(request);
    body_limit_ = is_upload ? options.max_upload_bytes : options.max_body_bytes;
    const auto length = content_length();
    if (length && *length > body_limit_) Refuse(413, "http.body_too_large", ec);
  }

  void on_body_init_impl(const boost::optional<uint64_t>& length, error_code&) override {
    // Not all of an announced upload: memory is given for bytes that came, not for claims.
    if (length) request.body.reserve(std::min<size_t>(*length, 4 * kReadSize));
  }

  size_t on_body_impl(string_view bytes, error_code& ec) override { return Append(bytes, ec); }

  void on_chunk_header_impl(uint64_t size, string_view, error_code& ec) override {
    if (size > body_limit_ - request.body.size()) Refuse(413, "http.body_too_large", ec);
  }

  size_t on_chunk_body_impl(uint64_t, string_view bytes, error_code& ec) override {
    return Append(bytes, ec);
  }

  void on_finish_impl(error_code&) override {}

  size_t Append(string_view bytes, error_code& ec) {
    const size_t held =
        shared_.buffered_bytes.fetch_add(bytes.size(), std::memory_order_relaxed) + bytes.size();
    held_bytes_ += bytes.size();
    if (held > shared_.options.max_buffered_bytes) {
      Refuse(503, "http.overloaded", ec);
      return 0;
    }
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  Shared& shared_;
  size_t body_limit_ = 0;
  size_t held_bytes_ = 0;
  int hosts_ = 0;
  int lengths_ = 0;
};

}  // namespace huiyin::http
