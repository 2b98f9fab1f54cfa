# SPDX-License-Identifier: Apache-2.0
# bin, lib, include and share under the prefix; an engine that is not the system's goes to
# lib/relspec, where only we look. Nothing that is installed names the prefix: it can be moved.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/relspec)
install(TARGETS relspec_static relspec_shared EXPORT relspec-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET relspec)
  install(TARGETS relspec RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY include/relspec DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h")
if(RS_ENGINE_IS_BUNDLED)
  install(PROGRAMS ${DuckDB_LINKED} DESTINATION ${RS_ENGINE_LIBDIR})
endif()
install(DIRECTORY man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
install(DIRECTORY man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 FILES_MATCHING PATTERN "*.5")
if(EXISTS ${PROJECT_SOURCE_DIR}/completions)
  install(FILES completions/relspec.bash RENAME relspec
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions OPTIONAL)
  install(FILES completions/_relspec
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions OPTIONAL)
  install(FILES completions/relspec.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d OPTIONAL)
endif()
install(FILES LICENSE README.md src/modules/typeshed.LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# What who links the static library must link besides it.
set(RS_PC_REQUIRES_PRIVATE ${RS_PKG_MODULES})
list(JOIN RS_PC_REQUIRES_PRIVATE " " RS_PC_REQUIRES_PRIVATE)
set(RS_PC_LIBS_PRIVATE "-lunistring -lm -pthread")
if(CMAKE_DL_LIBS)
  string(PREPEND RS_PC_LIBS_PRIVATE "-l${CMAKE_DL_LIBS} ")
endif()
# The engine is loaded by name: a program with the static library in it says where that may lie.
if(RS_ENGINE_IS_BUNDLED)
  string(PREPEND RS_PC_LIBS_PRIVATE "-Wl,-rpath,\${libdir}/relspec ")
  set(RS_CONFIG_ENGINE "LINKER:-rpath,\${PACKAGE_PREFIX_DIR}/${RS_ENGINE_LIBDIR}")
else()
  set(RS_CONFIG_ENGINE "")
endif()
# nanoarrow is part of our library, but for a system's.
string(REPLACE "nanoarrow::" "" RS_CONFIG_ARROW "${Nanoarrow_LIBRARIES}")
list(TRANSFORM RS_CONFIG_ARROW PREPEND "-l" OUTPUT_VARIABLE arrow_flags)
list(JOIN RS_CONFIG_ARROW " " RS_CONFIG_ARROW)
list(JOIN arrow_flags " " arrow_flags)
string(APPEND RS_PC_LIBS_PRIVATE " ${arrow_flags}")
string(STRIP "${RS_PC_LIBS_PRIVATE}" RS_PC_LIBS_PRIVATE)
file(RELATIVE_PATH RS_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" RS_PC_TO_PREFIX "${RS_PC_TO_PREFIX}")
configure_file(cmake/relspec.pc.in ${PROJECT_BINARY_DIR}/relspec.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/relspec.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(EXPORT relspec-targets NAMESPACE relspec:: DESTINATION ${package_dir})
configure_package_config_file(cmake/relspec-config.cmake.in
  ${PROJECT_BINARY_DIR}/relspec-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/relspec-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/relspec-config.cmake
  ${PROJECT_BINARY_DIR}/relspec-config-version.cmake DESTINATION ${package_dir})
