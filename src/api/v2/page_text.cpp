// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/page_text.hpp"

#include "template/format.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

net::Response html_page(int status, std::string_view title, std::string_view content) {
  constexpr std::string_view style =
      "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 "
      "1rem;color:#1a1a1a;background:#fff}"
      "code{background:#eee;padding:.1em .3em;border-radius:.2em;overflow-wrap:anywhere}li{margin:.4em 0}"
      "label{display:block;margin:.8em 0}input,select{font:inherit;padding:.3em;width:100%;box-sizing:border-box}"
      "button{font:inherit;padding:.5em 1.5em;margin-top:.5em}"
      "@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}code{background:#333}}";
  std::string page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>";
  page += templates::escape_html(title);
  page += "</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>";
  page += style;
  page += "</style></head><body><h1>";
  page += templates::escape_html(title);
  page += "</h1>\n";
  page += content;
  page += "\n</body></html>\n";
  net::Response response = net::Response::text(status, std::move(page));
  response.content_type = "text/html; charset=utf-8";
  response.headers = {
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
      {"X-Frame-Options", "DENY"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy",
       "same-origin"},  // the token stands in the address; `no-referrer` would also blank the form's Origin
      {"Cache-Control", "no-store"}};
  return response;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
