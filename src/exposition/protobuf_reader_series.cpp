// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// The part of ProtobufReader that tells series apart: labels, keys and exemplars.
#include <algorithm>

#include "exposition/label_reader.hpp"
#include "exposition/number_reader.hpp"
#include "exposition/protobuf_reader.hpp"
#include "exposition/utf8.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

using protobuf::Cursor;
using protobuf::key;
using protobuf::WireProblem;
using protobuf::WireType;

namespace {

WireProblem read_label(std::string_view message, LabelView& label) {
  label = {};
  Cursor cursor{message};
  while (cursor.next()) {
    switch (cursor.key()) {
      case key(1, WireType::bytes):
        label.name = cursor.bytes();
        break;
      case key(2, WireType::bytes):
        label.value = cursor.bytes();
        break;
      default:
        break;
    }
  }
  if (cursor.problem() != nullptr) return problem_of(cursor);
  if (label.name.empty()) return {message.data(), "a label name that is not empty"};
  if (label.name == "__name__") return {message.data(), "a label name other than __name__"};
  if (!is_utf8(label.name) || !is_utf8(label.value)) return {message.data(), "a label in valid UTF-8"};
  return {};
}

void append_size(std::string& out, std::size_t size) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(size >> shift & 0xffU);
}

}  // namespace

Result<SeriesView> ProtobufReader::series() {
  if (!labels_read_) {
    if (auto error = read_labels()) return *error;
    labels_read_ = true;
    plain_labels_ = labels_.size();
  }
  labels_.resize(plain_labels_);
  if (!bound_label_.empty()) {
    if (has_bound_label_)
      return describe(metric_.data(), "no label \"le\" or \"quantile\" but the one that the reader adds");
    labels_.push_back({bound_label_, bound_text_});
  }
  return SeriesView{name_, labels_};
}

std::optional<Error> ProtobufReader::read_labels() {
  labels_.clear();
  const std::string_view bound = type_ == FamilyType::summary ? "quantile" : "le";
  has_bound_label_ = false;
  for (const std::string_view message : label_messages_) {
    LabelView label;
    if (auto problem = read_label(message, label)) return describe(problem.at, problem.expected);
    has_bound_label_ = has_bound_label_ || label.name == bound;
    labels_.push_back(label);
  }
  if (!repeated_name(labels_, sorted_names_).empty()) return describe(metric_.data(), "each label once");
  return std::nullopt;
}

std::string_view ProtobufReader::series_key() {
  if (key_base_ == 0) {
    // The family, then its labels as they stand in the message. Sizes keep neighbours apart.
    key_.assign(family_);
    key_ += '\xff';
    append_size(key_, label_messages_.size());
    for (const std::string_view message : label_messages_) {
      append_size(key_, message.size());
      key_ += message;
    }
    key_base_ = key_.size();
  }
  key_.resize(key_base_);
  key_.append(name_.substr(family_.size()));
  key_ += '\xff';
  if (!bound_label_.empty()) key_ += bound_text_;
  return key_;
}

WireProblem ProtobufReader::add_exemplar(std::string_view message) {
  ExemplarView exemplar;
  Cursor cursor{message};
  while (cursor.next()) {
    switch (cursor.key()) {
      case key(1, WireType::bytes): {
        LabelView label;
        if (auto problem = read_label(cursor.bytes(), label)) return problem;
        exemplar_labels_.push_back(label);
        break;
      }
      case key(2, WireType::fixed64):
        exemplar.value = cursor.as_double();
        break;
      case key(3, WireType::bytes):
        if (auto problem = protobuf::read_timestamp(cursor.bytes(), exemplar.timestamp_ms)) return problem;
        break;
      default:
        break;
    }
  }
  exemplar_views_.push_back(exemplar);
  exemplar_ends_.push_back(exemplar_labels_.size());
  return problem_of(cursor);
}

void ProtobufReader::clear_exemplars() noexcept {
  exemplar_views_.clear();
  exemplar_labels_.clear();
  exemplar_ends_.clear();
}

void ProtobufReader::show_exemplars() noexcept {
  std::size_t begin = 0;  // only now do the labels stay where they are
  for (std::size_t i = 0; i < exemplar_views_.size(); ++i) {
    exemplar_views_[i].labels = std::span<const LabelView>(exemplar_labels_).subspan(begin, exemplar_ends_[i] - begin);
    begin = exemplar_ends_[i];
  }
  exemplars_ = exemplar_views_;
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
