# SPDX-License-Identifier: Apache-2.0
# cmake -DOUTPUT=DIR -DROOM=compare -DROOT=src/compare -DFILES=sql/a.sql;sql/b.sql -P embed_sql.cmake
#
# Writes DIR/<room>/sql_texts.h and sql_texts.c: an rs_sql (base/sql.h) for each statement of the
# files, rs_sql_<room>_<name>; a room inside a folder has _ for /. A statement starts behind a line
# "-- name: NAME" and ends at the next one; comment lines are for the reader and left out.
cmake_minimum_required(VERSION 3.25)
string(REPLACE "/" "_" prefix ${ROOM})
set(header "")
set(source "")
set(seen "")
foreach(file IN LISTS FILES)
  file(READ ${ROOT}/${file} rest)
  string(APPEND rest "\n-- name: ")
  string(FIND "${rest}" "-- name: " at)
  string(SUBSTRING "${rest}" ${at} -1 rest)
  while(TRUE)
    string(SUBSTRING "${rest}" 9 -1 rest)
    string(FIND "${rest}" "\n-- name: " end)
    if(end EQUAL -1)
      break()
    endif()
    string(SUBSTRING "${rest}" 0 ${end} text)
    math(EXPR end "${end} + 1")
    string(SUBSTRING "${rest}" ${end} -1 rest)
    string(FIND "${text}" "\n" eol)
    string(SUBSTRING "${text}" 0 ${eol} name)
    string(SUBSTRING "${text}" ${eol} -1 text)
    if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
      message(FATAL_ERROR "${ROOM}/${file}: '${name}' is no name of a statement")
    endif()
    if(name IN_LIST seen)
      message(FATAL_ERROR "${ROOM}/${file}: there is a statement ${name} already")
    endif()
    list(APPEND seen ${name})
    string(REGEX REPLACE "\n--[^\n]*" "" text "${text}")
    string(REGEX REPLACE "^[\n ]+|[\n ;]+$" "" text "${text}")
    string(HEX "${text}" hex)
    string(REGEX REPLACE "(................................)" "\\1\n    " hex "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," hex "${hex}")
    string(APPEND header "extern const rs_sql rs_sql_${prefix}_${name};\n")
    string(APPEND source "static const char text_${name}[] = {\n    ${hex}0};\n"
                         "const rs_sql rs_sql_${prefix}_${name} = {\"${name}\", text_${name}};\n\n")
  endwhile()
endforeach()
string(TOUPPER ${prefix} upper)
file(WRITE ${OUTPUT}/${ROOM}/sql_texts.h
     "/* Made by cmake/embed_sql.cmake from src/${ROOM}/sql/: edit those. */
#ifndef RS_${upper}_SQL_TEXTS_H
#define RS_${upper}_SQL_TEXTS_H

#include \"base/sql.h\"

${header}
#endif
")
file(WRITE ${OUTPUT}/${ROOM}/sql_texts.c
     "/* Made by cmake/embed_sql.cmake from src/${ROOM}/sql/: edit those. */
#include \"${ROOM}/sql_texts.h\"

${source}")
