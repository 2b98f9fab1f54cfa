# SPDX-License-Identifier: Apache-2.0
# DuckDB::DuckDB, from the system or from RS_DEPS_PREFIX: its header, and by DuckDB_NAME the file that is
# loaded when it is needed (src/engine/duckdb/library.h). Nothing is linked with it.
#
# A library from the prefix has a link (a hard one, where it can be) in the build tree's lib/, so that
# the program finds it through its own $ORIGIN and the tree can be moved as a whole.
find_path(DuckDB_INCLUDE_DIR duckdb.h HINTS ${RS_DEPS_PREFIX}/include)
find_library(DuckDB_LIBRARY duckdb HINTS ${RS_DEPS_PREFIX}/lib)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDB REQUIRED_VARS DuckDB_LIBRARY DuckDB_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run tools/fetch-deps, or install DuckDB 1.4 or newer")
if(DuckDB_FOUND AND NOT TARGET DuckDB::DuckDB)
  get_filename_component(DuckDB_NAME ${DuckDB_LIBRARY} NAME)
  set(DuckDB_LINKED ${DuckDB_LIBRARY})
  string(FIND ${DuckDB_LIBRARY} ${RS_DEPS_PREFIX}/ DuckDB_AT)
  if(DuckDB_AT EQUAL 0)
    set(RS_ENGINE_IS_BUNDLED ON)
    set(DuckDB_LINKED ${PROJECT_BINARY_DIR}/lib/${DuckDB_NAME})
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
    file(CREATE_LINK ${DuckDB_LIBRARY} ${DuckDB_LINKED} COPY_ON_ERROR)
  else()
    set(RS_ENGINE_IS_BUNDLED OFF)
    get_filename_component(DuckDB_DIRECTORY ${DuckDB_LIBRARY} DIRECTORY)
    if(NOT DuckDB_DIRECTORY IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
      list(APPEND CMAKE_INSTALL_RPATH ${DuckDB_DIRECTORY})
    endif()
  endif()
  add_library(DuckDB::DuckDB INTERFACE IMPORTED)
  target_include_directories(DuckDB::DuckDB SYSTEM INTERFACE ${DuckDB_INCLUDE_DIR})
  target_link_libraries(DuckDB::DuckDB INTERFACE ${CMAKE_DL_LIBS})
endif()
mark_as_advanced(DuckDB_INCLUDE_DIR DuckDB_LIBRARY)
