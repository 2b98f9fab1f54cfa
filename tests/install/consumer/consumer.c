/* SPDX-License-Identifier: Apache-2.0 */
/* A program that only knows what is installed. */
#include <relspec/relspec.h>
#include <stdio.h>

int main(void)
{
    return puts(rs_version()) < 0;
}
