/* The rating kernel: what its C files share.
 *
 * Goals: run one compiled tariff program over many bills, exactly, in two ways
 * that give the same integers: "wide" (any program, 64- or 128-bit integers, small
 * groups of rows) and "fast" (programs whose values stay below 2^51, vector
 * registers of doubles, one dispatch level per file). Rows that the fast way may
 * not take are redone by the wide one.
 * Non-goals: tariff words, validation (rating.pyx validates everything before a
 * Program exists), threads (callers hand out row ranges), Python objects.
 */
#ifndef BILLCORE_RATING_H
#define BILLCORE_RATING_H

#include <stddef.h>
#include <stdint.h>

typedef __int128 int128;
typedef unsigned __int128 uint128;

/* The same numbers as core/tariff/status.py (a test compares them). */
enum rating_status {
    RATING_OK = 0,
    RATING_OUT_OF_RANGE = 1,
    RATING_OVERFLOW = 2,
    RATING_UNKNOWN_PLAN = 10,
};

/* The same numbers as core/tariff/ir.py, Code and Mode (a test compares them). */
enum wide_code {
    WIDE_INPUT, WIDE_CONST, WIDE_ADD, WIDE_SUB, WIDE_MUL, WIDE_MULK, WIDE_ADDK, WIDE_MIN,
    WIDE_MAX, WIDE_LT, WIDE_LE, WIDE_EQ, WIDE_SELECT, WIDE_DIVK, WIDE_DIV, WIDE_FAIL,
    WIDE_POWER_FACTOR,
    WIDE_CODES,
};

enum rating_mode {
    MODE_HALF_UP, MODE_HALF_EVEN, MODE_HALF_DOWN, MODE_HALF_CEILING,
    MODE_DOWN, MODE_UP, MODE_FLOOR, MODE_CEILING,
    RATING_MODES,
};

typedef struct {
    int128 k;
    uint64_t magic;      /* DIVK below 2^63: quotient = (n * magic >> 64) >> shift */
    int32_t dst, a, b, c; /* slots (registers before assign_slots) */
    uint8_t code, mode, shift;
} wide_op;

typedef struct {
    int64_t lo, hi;
} limits;

/* A word of fast code: label, register, count, constant or column. */
typedef union {
    double d;
    int64_t i;
    const void *p;
    void *out;
} fast_word;

/* A place in the words that linking fills in. */
typedef struct {
    int32_t at;     /* index of the opcode's word */
    int32_t column; /* input or output index; -1: neither */
    int64_t raised; /* how often BIAS adds to the constant, the second word after the opcode */
} fast_site;

typedef struct {
    fast_word *words;  /* opcode numbers where labels go */
    fast_site *sites;  /* one an op */
    int32_t *registers_at; /* words that name a register: a number until linked, then a pointer */
    double *constants; /* preloaded into registers 0..n_constants-1 */
    limits *limits;    /* per input: rows outside are flagged */
    int32_t n_words, n_sites, n_registers_at, n_constants, n_registers, may_fail;
} fast_code;

typedef struct {
    limits *declared; /* per input: outside, the bill fails */
    limits *narrow;   /* per input: inside, every register fits 64 bits; NULL: no such proof */
    wide_op *ops;
    int32_t *outputs; /* slot shown by each output */
    fast_code *fast;  /* NULL: general path only */
    int32_t n_inputs, n_ops, n_outputs, n_slots;
} rating_program;

typedef struct {
    const void *data;
    int32_t is_int32;
} in_column;

typedef struct {
    const in_column *in;  /* IN, the program's inputs in order */
    int64_t *const *out;  /* OUT, the program's outputs in order; NULL: not wanted */
    uint8_t *status;      /* OUT, written for failing rows only */
} rating_columns;

static inline int64_t column_value(const in_column *column, int64_t row)
{
    return column->is_int32 ? ((const int32_t *)column->data)[row]
                            : ((const int64_t *)column->data)[row];
}

/* rating_program.c */
rating_program *program_new(int32_t n_inputs, int32_t n_ops, int32_t n_outputs);
void program_free(rating_program *program);
void program_set_op(rating_program *program, int32_t i, const int32_t head[5], int64_t k_high,
                    uint64_t k_low);
int program_finish(rating_program *program, int has_narrow); /* 0, or -1: no memory */
fast_code *program_add_fast(rating_program *program, int32_t n_words, int32_t n_sites,
                            int32_t n_registers_at, int32_t n_constants); /* NULL: no memory */
double reciprocal_above(int64_t divisor);

/* rating_wide.c */
enum { WIDE_CHUNK = 32 };
size_t wide_scratch_bytes(const rating_program *program);
void wide_rows(const rating_program *program, const rating_columns *columns, const int64_t *rows,
               int n, void *scratch);

/* rating_run.c */
enum rating_path { PATH_AUTO, PATH_WIDE, PATH_FAST };
int rating_level_exists(int level); /* on this processor, in this build */
int rating_run(const rating_program *program, const rating_columns *columns, int64_t start,
               int64_t stop, int level, int path); /* 0, or -1: no memory */

/* rating_mixed.c: rows of many plans. A plan's program reads and shows common columns. */
typedef struct {
    const rating_program *program;
    const int32_t *in_map;  /* per input of the program: a common input */
    const int32_t *out_map; /* per output of the program: a common output, or -1 */
    const uint8_t *shows;   /* per common output: does the program have it? */
} rating_plan;

typedef struct {
    const rating_plan *plans;
    int32_t n_plans, n_inputs, n_outputs;
} rating_plans;

int rating_run_mixed(const rating_plans *plans, const int32_t *plan_ids,
                     const rating_columns *common, int64_t start, int64_t stop, int level,
                     int path); /* 0, or -1: no memory */

void rating_memory_only(const rating_columns *columns, int n_in, int n_out, int64_t start,
                        int64_t stop, int level);

#endif
