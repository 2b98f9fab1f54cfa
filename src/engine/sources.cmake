# SPDX-License-Identifier: Apache-2.0
set(RS_ENGINE_SOURCES
  engine.c
  explained.c
  footer.c
)
