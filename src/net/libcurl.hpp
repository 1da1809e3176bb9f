// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>
#include <bellwether/version.hpp>
#include <memory>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// libcurl's functions, found by name in the shared library at the first use.
///
///     if (!start_libcurl_once()) return ...;
///     CURL* easy = libcurl().easy_init();
///
/// Linked in the usual way it brings 24 further libraries (GnuTLS, Kerberos, LDAP, SSH) into every process from its start on, also
/// into a monitor that scrapes plain HTTP and has nobody to tell, which never calls it.
///
/// Threads: any. All are null where libcurl.so.4 cannot be loaded: `is_loaded` first, or start_libcurl_once.
struct Libcurl {
  Libcurl();

  bool is_loaded = false;
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_free) free;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_reset) easy_reset;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_multi_init) multi_init;
  decltype(&::curl_multi_cleanup) multi_cleanup;
  decltype(&::curl_multi_setopt) multi_setopt;
  decltype(&::curl_multi_add_handle) multi_add_handle;
  decltype(&::curl_multi_remove_handle) multi_remove_handle;
  decltype(&::curl_multi_perform) multi_perform;
  decltype(&::curl_multi_poll) multi_poll;
  decltype(&::curl_multi_wakeup) multi_wakeup;
  decltype(&::curl_multi_info_read) multi_info_read;
  decltype(&::curl_multi_socket_action) multi_socket_action;
  decltype(&::curl_multi_assign) multi_assign;
  decltype(&::curl_url) url;
  decltype(&::curl_url_cleanup) url_cleanup;
  decltype(&::curl_url_get) url_get;
  decltype(&::curl_url_set) url_set;
  decltype(&::curl_url_strerror) url_strerror;
};

const Libcurl& libcurl();

struct FreeCurlList {
  void operator()(curl_slist* list) const noexcept { libcurl().slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, FreeCurlList>;

/// libcurl's global state is made at the first use and stays until the process ends. False: it cannot be loaded or made.
bool start_libcurl_once();

}  // namespace net
BELLWETHER_NAMESPACE_END
