/* SPDX-License-Identifier: Apache-2.0 */
/* A program that only knows what is installed, the engine's library among it: that is loaded when it is asked
 * for, so to link it proves nothing. */
#include <relspec/relspec.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    char *schema = NULL;
    if (rs_registry_document(&schema, NULL) != RS_OK) {
        return 1;
    }
    const char *engine = strstr(schema, "\"engine\"");
    const char *version = engine != NULL ? strstr(engine, "\"version\": \"v") : NULL;
    rs_text_free(schema);
    return version == NULL || puts(rs_version()) < 0;
}
