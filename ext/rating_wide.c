/* The wide executor: any program, exactly, a chunk of rows at a time.
 *
 * A chunk whose inputs all lie inside the narrow limits (proved: every register
 * fits 64 bits) runs on int64 registers, any other on 128-bit ones: the same body
 * twice. Failing rows get their status, and zeros as outputs. */
#include "rating.h"

#include <math.h>
#include <string.h>

/* Is (2n - 1)^2 (a^2 + b^2) <= (2k)^2 a^2? For 1 <= n <= k both sides are < 2^126. */
static inline int at_most(uint128 twice_n_less_1, uint128 square, uint128 limit)
{
    return twice_n_less_1 * twice_n_less_1 * square <= limit;
}

/* round_half_up(k a / sqrt(a^2 + b^2)): a guess in doubles, then exact steps. */
static int64_t power_factor(int64_t a, int64_t b, int64_t k)
{
    if (a <= 0)
        return 0;
    uint128 square = (uint128)((int128)a * a) + (uint128)((int128)b * b);
    uint128 limit = (uint128)k * (uint64_t)k * 4 * (uint64_t)a * (uint64_t)a;
    double guess = (double)k * ((double)a / sqrt((double)square)) + 0.5;
    int64_t n = guess < (double)k ? (int64_t)guess : k;
    while (n > 0 && !at_most(2 * (uint128)n - 1, square, limit))
        n--;
    while (n < k && at_most(2 * (uint128)n + 1, square, limit))
        n++;
    return n;
}

static inline uint64_t quotient_64(uint64_t m, const wide_op *op)
{
    return (uint64_t)((uint128)m * op->magic >> 64) >> op->shift;
}

static inline uint128 quotient_128(uint128 m, const wide_op *op)
{
    if (op->magic && !(m >> 63))
        return quotient_64((uint64_t)m, op);
    return m / (uint128)op->k;
}

#define REG int64_t
#define UREG uint64_t
#define NAME(x) x##_64
#include "rating_wide.inc.h"
#undef REG
#undef UREG
#undef NAME

#define REG int128
#define UREG uint128
#define NAME(x) x##_128
#include "rating_wide.inc.h"
#undef REG
#undef UREG
#undef NAME

static size_t input_bytes(const rating_program *program)
{
    return ((size_t)program->n_inputs * WIDE_CHUNK * sizeof(int64_t) + 63) & ~(size_t)63;
}

size_t wide_scratch_bytes(const rating_program *program)
{
    return input_bytes(program) + (size_t)program->n_slots * WIDE_CHUNK * sizeof(int128);
}

static inline int outside(int64_t v, const limits *l)
{
    return v < l->lo || v > l->hi;
}

/* A row outside its declared limits computes on with the lowest inputs: harmless. */
static void blank_out_of_range(const rating_program *program, int64_t *in, const uint8_t *failed,
                               int n)
{
    for (int i = 0; i < n; i++)
        if (failed[i])
            for (int32_t j = 0; j < program->n_inputs; j++)
                in[(ptrdiff_t)j * WIDE_CHUNK + i] = program->declared[j].lo;
}

/* Reads the chunk's inputs. Returns whether the 128-bit registers are needed. */
static int read_inputs(const rating_program *program, const rating_columns *columns, int64_t *in,
                       const int64_t *rows, uint8_t *failed, int n)
{
    int any_failed = 0, any_wide = program->narrow == NULL;
    for (int32_t j = 0; j < program->n_inputs; j++) {
        const in_column *column = &columns->in[j];
        const limits *declared = &program->declared[j];
        const limits *narrow = program->narrow ? &program->narrow[j] : declared;
        int64_t *v = in + (ptrdiff_t)j * WIDE_CHUNK;
        for (int i = 0; i < n; i++) {
            v[i] = column_value(column, rows[i]);
            failed[i] |= (uint8_t)outside(v[i], declared);
            any_failed |= failed[i];
            any_wide |= outside(v[i], narrow);
        }
    }
    if (any_failed)
        blank_out_of_range(program, in, failed, n);
    return any_wide | any_failed;
}

static void report_failures(const rating_program *program, const rating_columns *columns,
                            const int64_t *rows, const uint8_t *failed, int n)
{
    for (int i = 0; i < n; i++) {
        if (!failed[i])
            continue;
        columns->status[rows[i]] = failed[i];
        for (int32_t j = 0; j < program->n_outputs; j++)
            if (columns->out[j])
                columns->out[j][rows[i]] = 0;
    }
}

_Static_assert(RATING_OUT_OF_RANGE == 1, "read_inputs ors the comparison into the status");

void wide_rows(const rating_program *program, const rating_columns *columns, const int64_t *rows,
               int n, void *scratch)
{
    uint8_t failed[WIDE_CHUNK] = {0};
    int64_t *in = scratch;
    void *slots = (char *)scratch + input_bytes(program);
    if (read_inputs(program, columns, in, rows, failed, n))
        run_128(program, columns, in, slots, rows, failed, n);
    else
        run_64(program, columns, in, slots, rows, failed, n);
    report_failures(program, columns, rows, failed, n);
}
