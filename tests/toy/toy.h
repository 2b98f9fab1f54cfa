/* SPDX-License-Identifier: Apache-2.0 */
/* toy.h - a second language, for tests: what one needs, and nothing else.
 *
 * A file is lines: `def NAME` defines a name for all files, `use NAME` means one, `#` begins a comment. A
 * name that is used gets an occurrence in the file of the use, whose roles are the number of its
 * definitions in all files, and a symbol that lies in no file.
 */
#ifndef RS_TESTS_TOY_H
#define RS_TESTS_TOY_H

#include "evidence/language.h"

/* The languages of relspec, and the toy behind them. Adds the toy's classes when it is first called. */
const rs_language *const *toy_languages(void);

/* The text of its rule pack: a relationship rel_toy_def. */
extern const char toy_pack[];

/* Its place there. */
enum { TOY_LANGUAGE = 1 };

#endif
