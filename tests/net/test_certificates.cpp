// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/test_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace bellwether::test {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File open(const std::string& path) {
  return {std::fopen(path.c_str(), "wbe"), &std::fclose};
}

Key make_key() {
  return {EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

void add_extension(X509* certificate, X509V3_CTX& context, int kind, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make_certificate(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key,
                             bool is_authority) {
  static long serial = 1;
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer != nullptr ? issuer : certificate.get()));
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer != nullptr ? issuer : certificate.get(), certificate.get(), nullptr, nullptr, 0);
  add_extension(certificate.get(), context, NID_basic_constraints,
                is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (name == "server") add_extension(certificate.get(), context, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  X509_sign(certificate.get(), issuer_key, EVP_sha256());
  return certificate;
}

void write_certificate(const std::string& path, X509* certificate) {
  PEM_write_X509(open(path).get(), certificate);
}

void write_key(const std::string& path, EVP_PKEY* key) {
  PEM_write_PrivateKey(open(path).get(), key, nullptr, nullptr, 0, nullptr, nullptr);
}

}  // namespace

TestCertificates::TestCertificates() {
  std::string pattern = (std::filesystem::temp_directory_path() / "bellwether-tls-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  const Key authority_key = make_key();
  const Certificate authority =
      make_certificate("test authority", authority_key.get(), nullptr, authority_key.get(), true);
  write_certificate(ca(), authority.get());
  for (const char* name : {"server", "client"}) {
    const Key key = make_key();
    write_certificate(path(std::string(name) + ".pem"),
                      make_certificate(name, key.get(), authority.get(), authority_key.get(), false).get());
    write_key(path(std::string(name) + ".key"), key.get());
    PEM_write_PrivateKey(open(encrypted_key()).get(), key.get(), EVP_aes_128_cbc(),
                         reinterpret_cast<const unsigned char*>("test"), 4, nullptr, nullptr);
  }
  const Key key = make_key();
  write_certificate(stranger_cert(), make_certificate("stranger", key.get(), nullptr, key.get(), false).get());
  write_key(stranger_key(), key.get());
}

TestCertificates::~TestCertificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string TestCertificates::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name)) << text;
  return path(name);
}

}  // namespace bellwether::test
