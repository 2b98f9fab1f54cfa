# SPDX-License-Identifier: Apache-2.0
set(RS_CLI_SOURCES
  document.c
  explain.c
  explain_not.c
  help.c
  junit.c
  main.c
  output.c
  parse.c
  process.c
  source.c
  summary.c
  terminal.c
)
