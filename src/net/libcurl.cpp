// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/libcurl.hpp"

#include <dlfcn.h>

#include <type_traits>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

Libcurl::Libcurl() {
  void* const library =
      ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);  // never closed: it keeps threads and global state
  bool complete = library != nullptr;
  const auto find = [&](auto& function, const char* name) {
    function = library == nullptr
                   ? nullptr
                   : reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, name));
    if (function == nullptr) complete = false;
  };
  find(global_init, "curl_global_init");
  find(free, "curl_free");
  find(slist_append, "curl_slist_append");
  find(slist_free_all, "curl_slist_free_all");
  find(easy_init, "curl_easy_init");
  find(easy_cleanup, "curl_easy_cleanup");
  find(easy_reset, "curl_easy_reset");
  find(easy_setopt, "curl_easy_setopt");
  find(easy_getinfo, "curl_easy_getinfo");
  find(easy_perform, "curl_easy_perform");
  find(easy_strerror, "curl_easy_strerror");
  find(multi_init, "curl_multi_init");
  find(multi_cleanup, "curl_multi_cleanup");
  find(multi_setopt, "curl_multi_setopt");
  find(multi_add_handle, "curl_multi_add_handle");
  find(multi_remove_handle, "curl_multi_remove_handle");
  find(multi_perform, "curl_multi_perform");
  find(multi_poll, "curl_multi_poll");
  find(multi_wakeup, "curl_multi_wakeup");
  find(multi_info_read, "curl_multi_info_read");
  find(multi_socket_action, "curl_multi_socket_action");
  find(multi_assign, "curl_multi_assign");
  find(url, "curl_url");
  find(url_cleanup, "curl_url_cleanup");
  find(url_get, "curl_url_get");
  find(url_set, "curl_url_set");
  find(url_strerror, "curl_url_strerror");
  is_loaded = complete;
}

const Libcurl& libcurl() {
  static const Libcurl functions;
  return functions;
}

bool start_libcurl_once() {
  static const bool done = libcurl().is_loaded && libcurl().global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return done;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
