/* SPDX-License-Identifier: Apache-2.0 */
/* banned.h - the functions that relspec does not call.
 *
 * Included before every source by the compiler's command line. A call of one
 * of these stops the compiler with a name that says what to do instead. The
 * headers that declare them come first, so that the macros meet only our code.
 */
#ifndef RS_BASE_BANNED_H
#define RS_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

/* No bound, or a bound that is easily wrong. */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef gets
#define strcpy(...) rs_banned_strcpy_use_rs_buf_or_memcpy
#define strcat(...) rs_banned_strcat_use_rs_buf
#define strncpy(...) rs_banned_strncpy_use_memcpy
#define strncat(...) rs_banned_strncat_use_rs_buf
#define sprintf(...) rs_banned_sprintf_use_snprintf_or_rs_buf
#define vsprintf(...) rs_banned_vsprintf_use_vsnprintf
#define gets(...) rs_banned_gets_use_fgets

/* Hidden state, or errors that cannot be seen. */
#undef strtok
#undef strerror
#undef atoi
#undef atol
#undef atoll
#undef atof
#undef rand
#undef srand
#undef localtime
#undef gmtime
#undef ctime
#undef asctime
#define strtok(...) rs_banned_strtok_use_memchr
#define strerror(...) rs_banned_strerror_use_rs_error_set_errno
#define atoi(...) rs_banned_atoi_use_strtol
#define atol(...) rs_banned_atol_use_strtol
#define atoll(...) rs_banned_atoll_use_strtoll
#define atof(...) rs_banned_atof_use_strtod
#define rand(...) rs_banned_rand_nothing_here_is_random
#define srand(...) rs_banned_srand_nothing_here_is_random
#define localtime(...) rs_banned_localtime_use_gmtime_r
#define gmtime(...) rs_banned_gmtime_use_gmtime_r
#define ctime(...) rs_banned_ctime_use_strftime
#define asctime(...) rs_banned_asctime_use_strftime

/* A shell in between. */
#undef system
#undef popen
#define system(...) rs_banned_system_use_posix_spawn
#define popen(...) rs_banned_popen_use_posix_spawn

/* One door to the heap: base/alloc.h. */
#ifndef RS_ALLOC_IMPLEMENTATION
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef strdup
#undef strndup
#define malloc(...) rs_banned_malloc_use_rs_alloc
#define calloc(...) rs_banned_calloc_use_rs_alloc_zero
#define realloc(...) rs_banned_realloc_use_rs_realloc
#define free(...) rs_banned_free_use_rs_free
#define strdup(...) rs_banned_strdup_use_rs_strndup
#define strndup(...) rs_banned_strndup_use_rs_strndup
#endif

#endif
