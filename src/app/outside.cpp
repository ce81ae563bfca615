// SPDX-License-Identifier: EUPL-1.2
#include "app/outside.h"

#include <fstream>
#include <sstream>

#include "modules/outbox/rules.h"
#include "modules/outbox/templates.h"

namespace huiyin::app {

namespace fs = std::filesystem;

const char* const kOutsideHelp =
    R"(  --sms-gateway URL         POST each SMS as JSON {id, to, text, language} to http(s)://...
  --sms-token-file F        its bearer token, the first line of the file
  --smtp URL                smtp://HOST[:25] (a relay nearby), smtp+starttls:// or smtps://
  --smtp-from ADDRESS       whom mails come from
  --smtp-user NAME          to sign in with --smtp-password-file F)";

std::vector<std::string_view> OutsideOptions() {
  return {"sms-gateway", "sms-token-file", "smtp", "smtp-from", "smtp-user", "smtp-password-file"};
}

Outside ReadOutside(const Arguments& arguments) {
  Outside outside;
  const auto needs = [&](std::string_view option, std::string_view other) {
    if (arguments.Get(option) && !arguments.Get(other)) throw Usage(fmt::format("--{} needs --{}", option, other));
  };
  needs("sms-token-file", "sms-gateway");
  needs("smtp-from", "smtp");
  needs("smtp", "smtp-from");
  needs("smtp-user", "smtp");
  needs("smtp-user", "smtp-password-file");
  needs("smtp-password-file", "smtp-user");
  if (const auto url = arguments.Get("sms-gateway")) {
    outside.sms = outbox::ReadSmsGateway(*url);
    if (const auto file = arguments.Get("sms-token-file")) outside.sms->token = outbox::ReadSecret(*file);
  }
  if (const auto url = arguments.Get("smtp")) {
    outside.mail = outbox::ReadMailServer(*url);
    outside.mail->from = *arguments.Get("smtp-from");
    if (!outbox::IsMailAddress(outside.mail->from)) throw Usage("--smtp-from is no mail address");
    outside.mail->user = arguments.Get("smtp-user").value_or("");
    if (const auto file = arguments.Get("smtp-password-file")) outside.mail->password = outbox::ReadSecret(*file);
    // A password is for those only who show who they are.
    if (!outside.mail->user.empty() && outside.mail->security == outbox::Security::kNone) {
      throw Usage("--smtp-user needs smtp+starttls:// or smtps://");
    }
  }
  return outside;
}

outbox::Carriers CarriersOf(const Outside& outside) {
  outbox::Carriers carriers;
  if (outside.sms) carriers.sms = outbox::MakeSmsCarrier(*outside.sms);
  if (outside.mail) carriers.email = outbox::MakeMailCarrier(*outside.mail);
  return carriers;
}

std::vector<std::string> AddLanguages(const fs::path& data) {
  std::vector<fs::path> files;
  if (fs::is_directory(data / "messages")) {
    for (const auto& entry : fs::directory_iterator(data / "messages")) {
      if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> names;
  for (const fs::path& file : files) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    try {
      outbox::AddLanguage(text.str());
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(file.string() + ": " + error.what());
    }
    names.push_back(file.filename().string());
  }
  return names;
}

}  // namespace huiyin::app
