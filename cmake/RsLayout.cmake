# SPDX-License-Identifier: Apache-2.0
# Where things stand: bin/ and lib/ in the build tree as in an installed one.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# A build tree can be moved, and so can an installation: no absolute path in a binary. The engine's
# library is not a system's, so an installation has it in a folder of our own. The search path is the
# same before and after: CMake would pad it, and ld.so reads padding as the current directory.
if(APPLE)
  set(RS_ORIGIN "@loader_path")
else()
  set(RS_ORIGIN "\$ORIGIN")
endif()
set(RS_ENGINE_LIBDIR ${CMAKE_INSTALL_LIBDIR}/relspec)
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(CMAKE_INSTALL_RPATH "${RS_ORIGIN}/../lib;${RS_ORIGIN}/../${RS_ENGINE_LIBDIR}")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
