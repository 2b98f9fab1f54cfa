# SPDX-License-Identifier: Apache-2.0
# How tests are declared; CONTRIBUTING.md says where.
#
#   rs_unit_test(NAME [ENGINE] [LONG] [SOURCES more.c ...])   tests/unit/test_NAME.c, with cmocka
#   rs_fuzz_target(NAME)                               tests/fuzz/fuzz_NAME.c
#   rs_script_test(NAME SCRIPT [PLAIN] [LONG] [ARGS ...] [LABELS ...] [TIMEOUT n])   a Python script;
#                     PLAIN: it compares what comes out, for long; not under sanitizers too
#
# A test is labelled quick unless it says otherwise; `ctest -L quick` is the short round. LONG: the
# test is too long for it. It is there twice, as NAME in the quick round, where RS_ROUND=quick asks
# it for one of each kind of what it does, and as NAME.full, which does all of it. What exits with 77
# is skipped, and says why on stdout.
include(CTest)
find_package(CMocka CONFIG REQUIRED)
find_package(Python3 3.8 COMPONENTS Interpreter)

set(RS_TEST_ENVIRONMENT
  RS_SOURCE_DIR=${PROJECT_SOURCE_DIR}
  RS_BINARY_DIR=${PROJECT_BINARY_DIR}
  RS_PROGRAM=${PROJECT_BINARY_DIR}/bin/relspec
  RS_CASES_DIR=${PROJECT_SOURCE_DIR}/../shared/cases
  PYTHONDONTWRITEBYTECODE=1
  # cmocka catches signals and would hide the sanitizer's report.
  ASAN_OPTIONS=handle_segv=2:handle_abort=2:detect_leaks=1:strict_string_checks=1
  UBSAN_OPTIONS=print_stacktrace=1
  TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1)

# With more address randomisation than clang 14 knows, its thread sanitizer cannot start: without.
set(RS_TEST_LAUNCHER)
if(RS_SANITIZE MATCHES "thread")
  find_program(RS_SETARCH setarch)
  if(RS_SETARCH)
    execute_process(COMMAND ${RS_SETARCH} -R true RESULT_VARIABLE refused OUTPUT_QUIET ERROR_QUIET)
    if(NOT refused)
      set(RS_TEST_LAUNCHER ${RS_SETARCH} -R)
    endif()
  endif()
endif()

# rs_test_properties(NAME LABELS TIMEOUT)
function(rs_test_properties name labels timeout)
  set_tests_properties(${name} PROPERTIES
    ENVIRONMENT "${RS_TEST_ENVIRONMENT}" LABELS "${labels}" TIMEOUT ${timeout} SKIP_RETURN_CODE 77)
endfunction()

# rs_test_program(TARGET SOURCE ...): linked with the library as it is inside, hidden names and all.
function(rs_test_program target)
  add_executable(${target} ${ARGN})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${target} PRIVATE relspec_static)
  set_target_properties(${target} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
endfunction()

# rs_two_rounds(NAME LABELS TIMEOUT COMMAND ...): NAME for the quick round, NAME.full with all of it;
# a sanitizer's build has the latter alone.
function(rs_two_rounds name labels timeout)
  add_test(NAME ${name}.full COMMAND ${ARGN})
  set(full ${labels})
  list(REMOVE_ITEM full quick)
  rs_test_properties(${name}.full "${full};full" ${timeout})
  if(NOT RS_SANITIZE)
    add_test(NAME ${name} COMMAND ${ARGN})
    rs_test_properties(${name} "${labels}" ${timeout})
    set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT RS_ROUND=quick)
  endif()
endfunction()

# ENGINE: the test runs the SQL engine, which the thread sanitizer cannot watch.
function(rs_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "ENGINE;LONG" "" "SOURCES")
  if(arg_ENGINE AND RS_SANITIZE MATCHES "thread")
    return()
  endif()
  set(unit_files ${unit_files} ${name} PARENT_SCOPE)
  file(STRINGS test_${name}.c asks REGEX "unit_is_full")
  if(asks AND NOT arg_LONG)
    message(FATAL_ERROR "test_${name}.c asks for the full round, and is not LONG: it would run whole in both")
  endif()
  if(arg_LONG)
    set(unit_long ${unit_long} ${name} PARENT_SCOPE)
  endif()
  set(unit_sources ${unit_sources} test_${name}.c ${arg_SOURCES} PARENT_SCOPE)
endfunction()

# rs_unit_program(FOLDER): one program of what rs_unit_test collected, one test a file.
function(rs_unit_program folder)
  if(unit_files)
    set(target unit_${folder})
    rs_test_program(${target} main.c ${unit_sources})
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/${target})
    list(TRANSFORM unit_files REPLACE "(.+)" "UNIT_FILE(\\1)" OUTPUT_VARIABLE lines)
    string(JOIN "\n" lines ${lines} "")
    file(CONFIGURE OUTPUT ${generated}/unit_files.h CONTENT "${lines}" @ONLY)
    target_link_libraries(${target} PRIVATE ${CMOCKA_LIBRARIES})
    target_include_directories(${target} PRIVATE ${generated})
    target_include_directories(${target} SYSTEM PRIVATE ${CMOCKA_INCLUDE_DIR})
  endif()
  foreach(name IN LISTS unit_files)
    set(test ${RS_TEST_PREFIX}unit.${name})
    set(command ${RS_TEST_LAUNCHER} $<TARGET_FILE:${target}> ${name})
    if(name IN_LIST unit_long)
      rs_two_rounds(${test} "unit;quick" 600 ${command})
    else()
      add_test(NAME ${test} COMMAND ${command})
      rs_test_properties(${test} "unit;quick" 120)
    endif()
  endforeach()
  set(unit_files PARENT_SCOPE)
  set(unit_sources PARENT_SCOPE)
  set(unit_long PARENT_SCOPE)
endfunction()

# Under libFuzzer a short run from the corpus; elsewhere a plain main replays the corpus. More folders of
# files to start from may follow: cases of other tests are not repeated in the corpus.
function(rs_fuzz_target name)
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  foreach(folder IN LISTS ARGN)
    list(APPEND corpus ${PROJECT_SOURCE_DIR}/${folder})
  endforeach()
  set(test ${RS_TEST_PREFIX}fuzz.${name})
  if(RS_FUZZ)
    rs_test_program(fuzz_${name} fuzz_${name}.c)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    set(found ${PROJECT_BINARY_DIR}/found/${name})
    file(MAKE_DIRECTORY ${found})
    add_test(NAME ${test} COMMAND fuzz_${name} -max_total_time=${RS_FUZZ_SECONDS}
      -timeout=10 -rss_limit_mb=1024 -artifact_prefix=${found}/crash- ${found} ${corpus})
    math(EXPR timeout "${RS_FUZZ_SECONDS} + 120")
  else()
    rs_test_program(fuzz_${name} fuzz_${name}.c ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.c)
    add_test(NAME ${test} COMMAND ${RS_TEST_LAUNCHER} $<TARGET_FILE:fuzz_${name}> ${corpus})
    set(timeout 120)
  endif()
  rs_test_properties(${test} "fuzz;quick" ${timeout})
endfunction()

# The script runs with the environment above and finds the program in RS_PROGRAM.
function(rs_script_test name script)
  cmake_parse_arguments(PARSE_ARGV 2 arg "PLAIN;LONG" "TIMEOUT" "ARGS;LABELS")
  if(RS_SANITIZE MATCHES "thread" OR RS_FUZZ OR (arg_PLAIN AND RS_SANITIZE))
    return()
  endif()
  if(NOT Python3_FOUND)
    message(FATAL_ERROR "the tests need Python 3.8 or newer: tools/install-packages test")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 600)
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS quick)
  endif()
  set(test ${RS_TEST_PREFIX}${name})
  set(command Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${arg_ARGS})
  if(arg_LONG)
    rs_two_rounds(${test} "${arg_LABELS}" ${arg_TIMEOUT} ${command})
  else()
    add_test(NAME ${test} COMMAND ${command})
    rs_test_properties(${test} "${arg_LABELS}" ${arg_TIMEOUT})
  endif()
endfunction()
