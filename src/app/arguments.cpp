// SPDX-License-Identifier: EUPL-1.2
#include "app/commands.h"

namespace huiyin::app {

Arguments::Arguments(std::span<const std::string> args, std::vector<std::string_view> options) {
  const auto knows = [&options](std::string_view name) {
    return std::find(options.begin(), options.end(), name) != options.end();
  };
  for (size_t i = 0; i < args.size(); ++i) {
    if (!args[i].starts_with("--")) {
      words_.push_back(args[i]);
      continue;
    }
    std::string name = args[i].substr(2);
    std::optional<std::string> value;
    if (const size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    }
    if (knows(name + "!")) {
      values_[name] = "true";
    } else if (knows(name)) {
      if (!value && i + 1 < args.size()) value = args[++i];
      if (!value) throw Usage("--" + name + " needs a value");
      values_[name] = *value;
    } else {
      throw Usage("--" + name + " is not an option of this command");
    }
  }
}

std::optional<std::string> Arguments::Get(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::string Arguments::Need(std::string_view name) const {
  auto value = Get(name);
  if (!value || value->empty()) throw Usage("--" + std::string(name) + " is needed");
  return *value;
}

bool Arguments::Flag(std::string_view name) const { return values_.contains(name); }

}  // namespace huiyin::app
