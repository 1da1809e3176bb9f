// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/demo/demo_rules.hpp"

#include <filesystem>
#include <fstream>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

Result<std::string> write_demo_rules(const std::string& directory) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  const std::filesystem::path path = std::filesystem::absolute(directory, code) / "levibot.yml";
  std::ofstream file(path);
  file << levibot_rules();
  file.close();
  if (!file) return Error{"cannot write the demo's rules to " + path.string()};
  return path.string();
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
