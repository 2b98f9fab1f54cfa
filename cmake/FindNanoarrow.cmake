# SPDX-License-Identifier: Apache-2.0
# Nanoarrow::Nanoarrow, with its IPC part: a system's package, or built with our sources from those
# in RS_DEPS_PREFIX.
#
# Built here, its objects become part of our libraries (RS_NANOARROW_OBJECTS): who links these needs
# no further one. Its names then start with rs_ and its memory comes through base/alloc.
set(RS_NANOARROW_OBJECTS "")
find_package(nanoarrow CONFIG QUIET) # its package takes no version but its own
set(Nanoarrow_LIBRARIES "")
foreach(kind _shared "")
  if(nanoarrow_VERSION VERSION_GREATER_EQUAL 0.7 AND TARGET nanoarrow::nanoarrow_ipc${kind} AND
     NOT Nanoarrow_LIBRARIES)
    set(Nanoarrow_LIBRARIES nanoarrow::nanoarrow_ipc${kind} nanoarrow::nanoarrow${kind})
  endif()
endforeach()
if(Nanoarrow_LIBRARIES)
  set(Nanoarrow_SOURCES ${nanoarrow_DIR})
else()
  find_path(Nanoarrow_SOURCES nanoarrow/nanoarrow.h
    PATHS ${RS_DEPS_PREFIX}/src/nanoarrow NO_DEFAULT_PATH)
  find_path(Flatcc_SOURCES runtime/builder.c PATHS ${RS_DEPS_PREFIX}/src/flatcc NO_DEFAULT_PATH)
endif()
mark_as_advanced(Nanoarrow_SOURCES Flatcc_SOURCES nanoarrow_DIR)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Nanoarrow REQUIRED_VARS Nanoarrow_SOURCES
  REASON_FAILURE_MESSAGE "run tools/fetch-deps, or install nanoarrow 0.7 or newer with its IPC part")

if(Nanoarrow_FOUND AND NOT TARGET Nanoarrow::Nanoarrow)
  add_library(Nanoarrow::Nanoarrow INTERFACE IMPORTED)
  if(Nanoarrow_LIBRARIES)
    target_link_libraries(Nanoarrow::Nanoarrow INTERFACE ${Nanoarrow_LIBRARIES})
    return()
  endif()
  set(config ${PROJECT_BINARY_DIR}/nanoarrow)
  set(NANOARROW_VERSION_MAJOR 0)
  set(NANOARROW_VERSION_MINOR 9)
  set(NANOARROW_VERSION_PATCH 0)
  set(NANOARROW_VERSION 0.9.0)
  set(NANOARROW_NAMESPACE_DEFINE "#define NANOARROW_NAMESPACE rs_")
  configure_file(${Nanoarrow_SOURCES}/nanoarrow/nanoarrow_config.h.in
    ${config}/nanoarrow/nanoarrow_config.h @ONLY)
  set(parts common/array.c common/array_stream.c common/schema.c common/utils.c
    ipc/codecs.c ipc/decoder.c ipc/encoder.c ipc/reader.c ipc/writer.c)
  list(TRANSFORM parts PREPEND ${Nanoarrow_SOURCES}/nanoarrow/)
  set(runtime builder.c emitter.c refmap.c verifier.c)
  list(TRANSFORM runtime PREPEND ${Flatcc_SOURCES}/runtime/)
  add_library(rs_nanoarrow OBJECT ${parts} ${runtime})
  target_include_directories(rs_nanoarrow PRIVATE
    ${PROJECT_SOURCE_DIR}/src ${Nanoarrow_SOURCES} ${config} ${Flatcc_SOURCES}/include)
  target_compile_definitions(rs_nanoarrow PRIVATE FLATCC_NO_ASSERT NANOARROW_DLL=)
  target_compile_options(rs_nanoarrow PRIVATE -w
    -include ${PROJECT_SOURCE_DIR}/src/base/foreign_alloc.h)
  target_link_libraries(rs_nanoarrow PRIVATE rs_options)
  set(RS_NANOARROW_OBJECTS $<TARGET_OBJECTS:rs_nanoarrow>)
  target_include_directories(Nanoarrow::Nanoarrow SYSTEM INTERFACE ${Nanoarrow_SOURCES} ${config})
endif()
