/* SPDX-License-Identifier: Apache-2.0 */
/* warnings.h - what of a run somebody should look at.
 *
 * The one list that the summary shows, that --strict counts, and that environment.json has: a code of
 * diagnostics.def whose severity is WARNING or ERROR, how often, and the first place. Whoever has
 * something new to warn of adds the code there and a line to the table of sources in warnings.c.
 */
#ifndef RS_RUN_WARNINGS_H
#define RS_RUN_WARNINGS_H

#include "base/json.h"
#include "run/pipeline.h"

/* In the order of diagnostics.def, a row a code. What the run did not make warns of nothing. */
json_t *rs_run_warnings(const rs_pipeline *pipeline, bool *failed);

/* How the library was called, where a later version may refuse it. That is not the input's, so it
 * stands beside the content of the bundle, not in it. */
json_t *rs_run_deprecations(const rs_run_options *options, bool *failed);

#endif
