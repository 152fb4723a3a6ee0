/* What the fast executor's levels share with the code that calls them. */
#ifndef BILLCORE_RATING_FAST_H
#define BILLCORE_RATING_FAST_H

#include "rating.h"
#include "rating_fast_ops.inc.h"

#define MAGIC 6755399441055744.0 /* 1.5 * 2^52: adding it rounds to an integer (ties to even) */

typedef struct {
    const fast_word *words; /* IN, linked */
    char *registers;        /* OUT, constants preloaded */
    int64_t *flagged;       /* OUT, rows that the wide executor must redo */
    int32_t n_flagged;
} fast_state;

enum { FAST_FLAGGED_MAX = 1024, FAST_ROWS_MAX = 32 };

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

#endif
