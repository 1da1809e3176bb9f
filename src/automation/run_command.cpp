// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/run_command.hpp"

#include <cstddef>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

Process::Options command_for(const std::vector<std::string>& command, const std::set<std::string>& files) {
  constexpr std::size_t most_bytes = std::size_t{96} * 1024;
  std::vector<std::string> named;
  std::string lines;
  std::size_t bytes = 0;
  for (const std::string& file : files) {
    std::string name = file.starts_with('-') ? "./" + file : file;
    bytes += name.size() + 1;
    if (bytes > most_bytes) break;
    if (name.find('\n') == std::string::npos) lines += (lines.empty() ? "" : "\n") + name;
    named.push_back(std::move(name));
  }
  Process::Options options{
      .arguments = {},
      .environment = {{"BELLWETHER_CHANGED_FILES", lines}, {"BELLWETHER_CHANGED_COUNT", std::to_string(files.size())}}};
  for (const std::string& argument : command) {
    if (argument == "{}") {
      options.arguments.insert(options.arguments.end(), named.begin(), named.end());
    } else {
      options.arguments.push_back(argument);
    }
  }
  return options;
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
