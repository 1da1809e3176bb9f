// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/libpq.hpp"

#include <dlfcn.h>

#include <type_traits>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

Libpq::Libpq() {
  void* const library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);  // stays: connections may outlive whoever asked
  bool complete = library != nullptr;
  const auto find = [&](auto& function, const char* name) {
    using Function = std::remove_reference_t<decltype(function)>;
    function = library == nullptr ? nullptr : reinterpret_cast<Function>(::dlsym(library, name));
    if (function == nullptr) complete = false;
  };
  find(clear, "PQclear");
  find(cmd_tuples, "PQcmdTuples");
  find(connect_poll, "PQconnectPoll");
  find(connect_start_params, "PQconnectStartParams");
  find(conninfo_free, "PQconninfoFree");
  find(conninfo_parse, "PQconninfoParse");
  find(consume_input, "PQconsumeInput");
  find(error_message, "PQerrorMessage");
  find(finish, "PQfinish");
  find(flush, "PQflush");
  find(freemem, "PQfreemem");
  find(get_result, "PQgetResult");
  find(getlength, "PQgetlength");
  find(getvalue, "PQgetvalue");
  find(is_busy, "PQisBusy");
  find(ntuples, "PQntuples");
  find(result_error_field, "PQresultErrorField");
  find(result_error_message, "PQresultErrorMessage");
  find(result_status, "PQresultStatus");
  find(send_prepare, "PQsendPrepare");
  find(send_query, "PQsendQuery");
  find(send_query_params, "PQsendQueryParams");
  find(send_query_prepared, "PQsendQueryPrepared");
  find(set_notice_processor, "PQsetNoticeProcessor");
  find(setnonblocking, "PQsetnonblocking");
  find(socket, "PQsocket");
  find(status, "PQstatus");
  is_loaded = complete;
}

const Libpq& libpq() {
  static const Libpq functions;
  return functions;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
