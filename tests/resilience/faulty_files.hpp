// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/file_system.hpp>

#include <limits>
#include <map>

namespace bellwether::test {

/// Files in memory. After `steps_left` steps that change something, each further one fails; the first of these leaves behind half of
/// what it should write, as a full disk or a power cut does.
class FaultyFiles final : public FileSystem {
 public:
  Result<std::optional<std::string>> read(const std::string& path) override {
    if (unreadable) return Error{"cannot read " + path + ": Input/output error"};
    const auto found = content.find(path);
    return found == content.end() ? std::optional<std::string>() : found->second;
  }
  Result<void> write(const std::string& path, std::string_view text) override {
    content[path].clear();
    return append(path, text);
  }
  Result<void> append(const std::string& path, std::string_view text) override {
    const int left = steps_left--;
    if (left > 0) content[path] += text;
    if (left == 0) content[path] += text.substr(0, text.size() / 2);
    return step(left, path);
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    const int left = steps_left--;
    if (left > 0) {
      content[to] = content.at(from);
      content.erase(from);
    }
    return step(left, to);
  }
  Result<void> sync_directory_of(const std::string& path) override { return step(steps_left--, path); }

  std::map<std::string, std::string> content;
  int steps_left = std::numeric_limits<int>::max();
  bool unreadable = false;

 private:
  static Result<void> step(int left, const std::string& path) {
    if (left <= 0) return Error{"cannot write " + path + ": No space left on device"};
    return {};
  }
};

}  // namespace bellwether::test
