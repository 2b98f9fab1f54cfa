# SPDX-License-Identifier: Apache-2.0
# cmake -DOUTPUT=FILE.c -DROOT=DIR -DPACKS=a.yaml;b.yaml -DPOLICY=c.yaml -P embed.cmake
#
# Writes the table that src/rules/embedded.h declares, in the order given.
set(arrays "")
set(rows "")
set(n_packs 0)
foreach(pack IN LISTS PACKS POLICY)
  file(READ ${ROOT}/${pack} hex HEX)
  string(LENGTH "${hex}" n_digits)
  math(EXPR n_bytes "${n_digits} / 2")
  string(REGEX REPLACE "(................................)" "\\1\n    " hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," hex "${hex}")
  string(APPEND arrays "static const char pack_${n_packs}[] = {\n    ${hex}0};\n\n")
  set(row "{\"${pack}\", pack_${n_packs}, ${n_bytes}}")
  if(NOT pack STREQUAL POLICY)
    string(APPEND rows "    ${row},\n")
    math(EXPR n_packs "${n_packs} + 1")
  endif()
endforeach()
string(APPEND rows "    {0}, /* the end: C has no empty array */\n")
set(text "/* Made by cmake/embed.cmake from rules/: edit those. */
#include \"rules/embedded.h\"

${arrays}const rs_embedded_pack rs_embedded_packs[] = {
${rows}};

const size_t rs_n_embedded_packs = ${n_packs};

const rs_embedded_pack rs_embedded_policy = ${row};
")
file(WRITE ${OUTPUT} "${text}")
