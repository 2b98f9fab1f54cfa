/* SPDX-License-Identifier: Apache-2.0 */
/* Lines start where the one before ends, and every position leads back to its offset. */
#include <stdlib.h>

#include "base/line_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    rs_line_index index = {0};
    require(rs_line_index_build(&index, (const char *)bytes, n_bytes, NULL) == RS_OK);
    require(index.n_lines >= 1 && index.line_start[0] == 0);
    rs_position last = {1, 0};
    for (uint32_t at = 0; at <= n_bytes; at++) {
        rs_position found = rs_line_index_find(&index, at);
        rs_position near = rs_line_index_find_near(&index, last.line, at);
        require(found.line == near.line && found.column == near.column);
        require(index.line_start[found.line - 1] + found.column == at);
        require(found.line == last.line || (found.line == last.line + 1 && found.column == 0));
        require(found.column == 0 || bytes[at - 1] != '\n');
        last = found;
    }
    require(last.line == index.n_lines);
    rs_line_index_release(&index);
    return 0;
}
