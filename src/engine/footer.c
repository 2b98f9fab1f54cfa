/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/footer.h"

#include <stdio.h>

#include "base/error.h"

void rs_footer_add(rs_footer *footer, const char *name, const char *value)
{
    RS_ASSERT(footer->n_pairs < RS_FOOTER_MAX_PAIRS);
    footer->pairs[footer->n_pairs++] = (rs_text_pair){name, value};
}

void rs_footer_init(rs_footer *footer, const rs_dataset *dataset, const rs_footer_order *order)
{
    footer->n_pairs = 0;
    (void)snprintf(footer->version, sizeof footer->version, "%d", dataset->version);
    rs_dataset_contract_name(dataset, footer->contract);
    rs_footer_add(footer, "relspec.dataset", dataset->name);
    rs_footer_add(footer, "relspec.version", footer->version);
    rs_footer_add(footer, "relspec.contract", footer->contract);
    rs_footer_add(footer, "relspec.key", dataset->key);
    rs_footer_add(footer, "relspec.lens", dataset->lens);
    rs_footer_add(footer, "relspec.ordering_level", order->level);
    rs_footer_add(footer, "relspec.ordering_keys", order->keys);
    rs_footer_add(footer, "relspec.determinism_tier", order->tier);
}
