# SPDX-License-Identifier: Apache-2.0
# The libraries, all as imported targets. A system's package comes first; DuckDB and nanoarrow, which
# Debian does not have, come from the prefix that tools/fetch-deps fills.
find_package(PkgConfig REQUIRED)
set(RS_PKG_MODULES yaml-0.1 jansson libxxhash libcrypto libprotobuf-c libgit2 libzstd)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET GLOBAL yaml-0.1)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET GLOBAL jansson)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET GLOBAL libxxhash)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET GLOBAL libcrypto)
pkg_check_modules(PROTOBUF_C REQUIRED IMPORTED_TARGET GLOBAL libprotobuf-c)
pkg_check_modules(GIT2 REQUIRED IMPORTED_TARGET GLOBAL libgit2)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET GLOBAL libzstd)
find_program(RS_PROTOC_C protoc-c REQUIRED)
find_package(Unistring REQUIRED)
find_package(Iconv REQUIRED)
find_package(DuckDB REQUIRED)
find_package(Nanoarrow MODULE REQUIRED)

add_library(rs_dependencies INTERFACE)
target_link_libraries(rs_dependencies INTERFACE
  DuckDB::DuckDB PkgConfig::YAML PkgConfig::JANSSON PkgConfig::XXHASH PkgConfig::CRYPTO
  PkgConfig::PROTOBUF_C PkgConfig::GIT2 PkgConfig::ZSTD Nanoarrow::Nanoarrow Unistring::Unistring Iconv::Iconv
  m) # fmod()
