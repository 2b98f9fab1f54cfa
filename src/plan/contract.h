/* SPDX-License-Identifier: Apache-2.0 */
/* contract.h - what is promised of a relationship: its dataset, key, order and question.
 *
 * Packs declare them (rules/contract.h); the gate holds every row against them.
 */
#ifndef RS_PLAN_CONTRACT_H
#define RS_PLAN_CONTRACT_H

#include "plan/problem.h"
#include "schema/schema.h"

enum { RS_SORT_MAX_TERMS = 16 /* columns of a key or an order, here and in a policy */ };

/*
 * What the rows of a plan, or of a relationship, depend on: when it runs.
 *
 * LINKED is for rows of one file that took all files to find out; no evidence is such yet.
 */
typedef enum rs_wave {
    RS_WAVE_FILE,   /* a file's rows need that file alone: runs over each range of parts */
    RS_WAVE_LINKED, /* the same, once all files were linked */
    RS_WAVE_RUN     /* rows of many files at once: runs once, over all of them */
} rs_wave;

/* "part", "linked", "run": as bundles have it. */
const char *rs_wave_name(rs_wave wave);

/* A column of a dataset and the direction that it is sorted in. */
typedef struct rs_sort_term {
    const rs_column *column;
    bool is_descending;
    rs_place place;
} rs_sort_term;

typedef struct rs_contract {
    const rs_dataset *dataset; /* the contract's columns, then rs_relationship_columns() */
    rs_place place;            /* of its name */
    unsigned source;           /* number of the call that added it: a later one overrides */
    int rank;                  /* how strong its evidence is: 1 for the strongest */
    const rs_column *group;    /* NULL: it answers no question */
    rs_sort_term sort[RS_SORT_MAX_TERMS];
    size_t n_sort;
    /* Settled with the order of the rules: */
    rs_wave wave;
    size_t place_in_order; /* among contracts, by when the last rule that writes one runs */
    bool has_producer;     /* some rule writes it */
    bool is_absent;        /* all rules that write it are skipped */
} rs_contract;

#endif
