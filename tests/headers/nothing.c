/* SPDX-License-Identifier: Apache-2.0 */
int rs_headers_alone(void);
