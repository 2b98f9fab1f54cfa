# SPDX-License-Identifier: Apache-2.0
set(RS_PARSE_SOURCES
  character_name.c
  lexer.c
  lexer_number.c
  lexer_string.c
  parse_atom.c
  parse_compound.c
  parse_expr.c
  parse_pattern.c
  parse_stmt.c
  parse_string.c
  parse_target.c
  parser.c
)
