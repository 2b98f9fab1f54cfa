/* SPDX-License-Identifier: Apache-2.0 */
/* draft_lock.h - whose a draft is, told by a lock that the kernel holds.
 *
 * A number of a process says nothing in another container, on another host of a shared file system,
 * or once it is used again. A lock on a file beside the draft does: the kernel, or the file server,
 * drops it when its holder is gone, however that came. Where a file system has no locks, age decides:
 * nothing younger than RS_DRAFT_AGE_SECONDS is taken for left.
 *
 * Threads: a lock belongs to one thread at a time.
 */
#ifndef RS_BUNDLE_DRAFT_LOCK_H
#define RS_BUNDLE_DRAFT_LOCK_H

#include <stdbool.h>

#include "base/error.h"

enum { RS_DRAFT_AGE_SECONDS = 24 * 60 * 60 };

typedef enum rs_draft_state {
    RS_DRAFT_ALIVE, /* somebody holds its lock, or may */
    RS_DRAFT_LEFT   /* nobody does; *fd holds the lock now, when it is not -1 */
} rs_draft_state;

/*
 * Make the lock file, which is not there, and take the lock; *fd holds it until it is closed.
 * *is_taken is false, with RS_OK, where somebody else has that name.
 *
 * Errors: RS_ERR_IO when the file cannot be made. A file system without locks is no error.
 */
rs_status rs_draft_lock_take(const char *path, int *fd, bool *is_taken, rs_error *err) RS_MUST_USE;

/* Remove the lock file and give the lock back; fd -1: there is none. */
void rs_draft_lock_drop(const char *path, int fd);

/* Ask after a draft that is not ours, by its lock file. The caller closes *fd when it is not -1. */
rs_draft_state rs_draft_lock_probe(const char *path, int *fd);

/* True when what stands at path was last changed longer ago than a draft that is at work can be. */
bool rs_draft_is_old(const char *path);

#endif
