# SPDX-License-Identifier: Apache-2.0
# Two interface targets: rs_options is how everything is compiled, rs_warnings what is asked of our
# own code.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_library(rs_options INTERFACE)
target_compile_definitions(rs_options INTERFACE _POSIX_C_SOURCE=200809L _XOPEN_SOURCE=700
  $<$<PLATFORM_ID:Darwin>:_DARWIN_C_SOURCE>)
# The same binary from the same sources, wherever they stand.
target_compile_options(rs_options INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -Wdate-time)
find_package(Threads REQUIRED)
target_link_libraries(rs_options INTERFACE Threads::Threads)
if(NOT APPLE)
  target_link_options(rs_options INTERFACE -Wl,--as-needed)
endif()

if(RS_HARDEN)
  target_compile_options(rs_options INTERFACE -fstack-protector-strong
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
  if(NOT APPLE)
    target_link_options(rs_options INTERFACE -Wl,-z,relro,-z,now)
  endif()
endif()
if(RS_LTO AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
  # Fat objects: who links the static library need not do so with this very compiler.
  target_compile_options(rs_options INTERFACE -flto=auto -ffat-lto-objects)
  target_link_options(rs_options INTERFACE -flto=auto)
endif()
if(RS_SANITIZE)
  target_compile_options(rs_options INTERFACE -fsanitize=${RS_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(rs_options INTERFACE -fsanitize=${RS_SANITIZE})
  if(RS_SANITIZE MATCHES address)
    # It looks at start for what throws; DuckDB, which brings that, is loaded later.
    target_link_options(rs_options INTERFACE -Wl,--no-as-needed -lstdc++ -Wl,--as-needed)
  endif()
endif()
if(RS_COVERAGE)
  target_compile_options(rs_options INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(rs_options INTERFACE --coverage)
endif()
if(RS_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "RS_FUZZ needs clang: cmake --preset fuzz")
  endif()
  target_compile_options(rs_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" AND (RS_SANITIZE OR RS_FUZZ))
  message(FATAL_ERROR "RelWithDebInfo defines NDEBUG: sanitizers and fuzzers would miss our asserts")
endif()

add_library(rs_warnings INTERFACE)
target_compile_options(rs_warnings INTERFACE
  -Wall -Wextra -Wpedantic
  -Walloca -Wcast-align -Wcast-qual -Wconversion -Wfloat-equal -Wformat=2 -Wimplicit-fallthrough
  -Wmissing-declarations -Wmissing-prototypes -Wnull-dereference -Wold-style-definition
  -Wpointer-arith -Wredundant-decls -Wshadow -Wsign-conversion -Wstrict-prototypes -Wswitch-enum
  -Wundef -Wunused -Wvla -Wwrite-strings)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(rs_warnings INTERFACE
    -Walloc-zero -Warith-conversion -Wduplicated-branches -Wduplicated-cond -Wformat-overflow=2
    -Wformat-signedness -Wformat-truncation -Wjump-misses-init -Wlogical-op
    -Wstrict-overflow=2 -Wtrampolines -Wunused-const-variable=2)
elseif(CMAKE_C_COMPILER_ID MATCHES "Clang")
  target_compile_options(rs_warnings INTERFACE
    -Wassign-enum -Wcomma -Wconditional-uninitialized -Wformat-non-iso -Widiomatic-parentheses
    -Wloop-analysis -Wshift-sign-overflow -Wshorten-64-to-32 -Wtautological-compare
    -Wunreachable-code-aggressive
    # It also asks a literal of a function that hands on a va_list.
    -Wno-format-nonliteral)
endif()
if(RS_WERROR)
  target_compile_options(rs_warnings INTERFACE -Werror)
endif()
