/* What the fast executor's levels share with the code that calls them. */
#ifndef BILLCORE_RATING_FAST_H
#define BILLCORE_RATING_FAST_H

#include "rating.h"
#include "rating_fast_ops.inc.h"

#define MAGIC 6755399441055744.0 /* 1.5 * 2^52: adding it rounds to an integer (ties to even) */

typedef struct {
    const fast_word *words; /* IN, linked to registers whose constants are preloaded */
    int64_t *flagged;       /* OUT, rows that the wide executor must redo */
    int32_t n_flagged;
} fast_state;

enum { FAST_FLAGGED_MAX = 1024 };

/* One dispatch level. `run` executes whole steps of `rows` rows from `row` while they
 * end at or before `stop` and returns the first row not done; it also stops when
 * `flagged` is nearly full. With state NULL it hands out its label table instead. */
typedef struct {
    int level, has_fma, rows;
    int64_t (*run)(fast_state *state, int64_t row, int64_t stop, const void *const **labels);
    void (*memory_only)(const rating_columns *columns, int n_in, int n_out, int64_t start,
                        int64_t stop);
} fast_level;

const fast_level *fast_level_v1(void);
const fast_level *fast_level_v3(void); /* NULL where this build has none */
const fast_level *fast_level_v4(void);

/* rating_run.c: the memory of one call, enough for every program that was fitted in. */
typedef struct {
    size_t wide, words, registers;
} workspace_size;

typedef struct {
    void *wide;
    fast_word *words;
    double *registers;
    fast_state fast;
    int64_t flagged[FAST_FLAGGED_MAX];
} workspace;

const fast_level *level_of(int level);
void workspace_fit(workspace_size *size, const rating_program *program, const fast_level *level);
int workspace_open(workspace *space, workspace_size size); /* 0, or -1: no memory */
void workspace_close(workspace *space);

/* The words of a program with this level's labels and bias and these columns. */
void link_fast(const fast_code *fast, const rating_columns *columns, const fast_level *level,
               fast_word *words, double *registers);

/* The constants into the first registers. */
void preload(const fast_code *fast, int rows, double *registers);

/* Rates the flagged rows below `stop` that need it, by the wide executor. */
void redo_flagged(const rating_program *program, const rating_columns *columns, int64_t stop,
                  workspace *space);

/* Rows start..stop; level NULL: wide only. */
void run_rows(const rating_program *program, const rating_columns *columns, int64_t start,
              int64_t stop, const fast_level *level, workspace *space);

#endif
