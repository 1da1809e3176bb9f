// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/xml_reader.hpp"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <new>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

using Parser = std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)>;

/// What expat's callbacks share. They must not throw: expat is C.
struct Reading {
  XML_Parser parser;
  XmlHandler& handler;
  const XmlLimits& limits;
  unsigned depth = 0;
  std::size_t elements = 0;
  std::string refusal = {};

  void refuse(std::string why) {
    refusal = std::move(why);
    XML_StopParser(parser, XML_FALSE);
  }
};

void on_begin(void* data, const XML_Char* name, const XML_Char** attributes) {
  Reading& reading = *static_cast<Reading*>(data);
  if (++reading.depth > reading.limits.depth) {
    return reading.refuse(fmt::format("elements are nested deeper than {}", reading.limits.depth));
  }
  if (++reading.elements > reading.limits.elements) {
    return reading.refuse(fmt::format("more than {} elements", reading.limits.elements));
  }
  const auto result = reading.handler.begin(name, XmlAttributes{attributes}, reading.depth);
  if (!result) reading.refuse(result.error().message);
}

void on_end(void* data, const XML_Char* name) {
  Reading& reading = *static_cast<Reading*>(data);
  --reading.depth;
  reading.handler.end(name);
}

void on_entity(void* data, const XML_Char* name, int, const XML_Char*, int, const XML_Char*, const XML_Char*,
               const XML_Char*, const XML_Char*) {
  static_cast<Reading*>(data)->refuse(
      fmt::format("declares the entity '{}': entities of a document's own are refused", name));
}

std::string what_stopped(const Reading& reading, std::size_t bytes) {
  if (!reading.refusal.empty()) return reading.refusal;
  if (bytes == 0) return "empty; XML was expected";
  return XML_ErrorString(XML_GetErrorCode(reading.parser));
}

}  // namespace

std::optional<std::string_view> XmlAttributes::find(std::string_view name) const noexcept {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
    if (name == *pair) return std::string_view{pair[1]};
  }
  return std::nullopt;
}

Result<void> read_xml(std::string_view text, const std::string& file, XmlHandler& handler, const XmlLimits& limits) {
  if (text.size() > limits.bytes) {
    return Error{fmt::format("{}:1: {} bytes of XML, at most {} are read", file, text.size(), limits.bytes)};
  }
  const Parser parser{XML_ParserCreate(nullptr), &XML_ParserFree};
  if (!parser) throw std::bad_alloc();
  Reading reading{.parser = parser.get(), .handler = handler, .limits = limits};
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), on_begin, on_end);
  XML_SetEntityDeclHandler(parser.get(), on_entity);

  constexpr std::size_t chunk = std::size_t{1024} * 1024;  // expat counts bytes in an int
  std::size_t at = 0;
  do {
    const std::size_t size = std::min(chunk, text.size() - at);
    const bool last = at + size == text.size();
    if (XML_Parse(parser.get(), text.data() + at, static_cast<int>(size), last ? 1 : 0) != XML_STATUS_OK) {
      return Error{
          fmt::format("{}:{}: {}", file, XML_GetCurrentLineNumber(parser.get()), what_stopped(reading, text.size()))};
    }
    at += size;
  } while (at < text.size());
  return {};
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
