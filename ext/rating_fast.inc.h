/* The fast executor's body, included once per dispatch level after its vectors
 * (rating_vec_*.inc.h). LEVEL(x) suffixes a name.
 *
 * A register machine: a step takes VN vectors of rows through the whole program, its
 * registers are doubles that hold integers below 2^51, so sums and products are exact
 * wherever `lowering` proved the bounds. Roundings: see round_half_up and corrected.
 * Nothing is checked here but the inputs' limits and FAIL; such rows are only flagged. */

enum { STEP_ROWS = VN * VLANES, STEP_BYTES = STEP_ROWS * 8 };

typedef struct {
    vd v[VN];
} block;

#define EACH for (int j = 0; j < VN; j++)

static inline block get(const char *registers, fast_word offset)
{
    const vd *from = (const vd *)(registers + offset.i * (STEP_BYTES / 64));
    block b;
    EACH b.v[j] = from[j];
    return b;
}

static inline void put(char *registers, fast_word offset, block b)
{
    vd *to = (vd *)(registers + offset.i * (STEP_BYTES / 64));
    EACH to[j] = b.v[j];
}

static inline block splat(double k)
{
    block b;
    EACH b.v[j] = vset(k);
    return b;
}

#define BLOCKWISE(name, expression)                   \
    static inline block name(block a, block b)        \
    {                                                 \
        block r;                                      \
        EACH r.v[j] = expression;                     \
        return r;                                     \
    }

BLOCKWISE(add, vadd(a.v[j], b.v[j]))
BLOCKWISE(sub, vsub(a.v[j], b.v[j]))
BLOCKWISE(mul, vmul(a.v[j], b.v[j]))
BLOCKWISE(min, vmin(a.v[j], b.v[j]))
BLOCKWISE(max, vmax(a.v[j], b.v[j]))

static inline block fma_k(block a, double k, block c)
{
    EACH c.v[j] = vfma(a.v[j], vset(k), c.v[j]);
    return c;
}

/* q is an integer within 1/2 + 3/(4d) of n / d, so n - q d is exact and below d in
 * magnitude, and q is at most one off what any mode wants: q + 1, q or q - 1. */
static inline vd corrected(vd n, vd d, vd q, const int mode)
{
    const vd zero = vset(0.0);
    vd r = vfnma(q, d, n), twice = vadd(r, r), minus_d = vsub(zero, d);
    vm up, down;
    switch (mode) {
    case MODE_HALF_UP:
        up = vor(vlt(d, twice), vand(veq(twice, d), vlt(zero, n)));
        down = vor(vlt(twice, minus_d), vand(veq(twice, minus_d), vlt(n, zero)));
        break;
    case MODE_HALF_DOWN:
        up = vor(vlt(d, twice), vand(veq(twice, d), vlt(n, zero)));
        down = vor(vlt(twice, minus_d), vand(veq(twice, minus_d), vlt(zero, n)));
        break;
    case MODE_HALF_EVEN:
        up = vor(vlt(d, twice), vand(veq(twice, d), vodd(q)));
        down = vor(vlt(twice, minus_d), vand(veq(twice, minus_d), vodd(q)));
        break;
    case MODE_HALF_CEILING:
        up = vle(d, twice);
        down = vlt(twice, minus_d);
        break;
    case MODE_DOWN:
        up = vand(vlt(zero, r), vlt(n, zero));
        down = vand(vlt(r, zero), vlt(zero, n));
        break;
    case MODE_UP:
        up = vand(vlt(zero, r), vlt(zero, n));
        down = vand(vlt(r, zero), vlt(n, zero));
        break;
    case MODE_FLOOR:
        return vadd(q, vchoose(vlt(r, zero), vset(-1.0), zero));
    default: /* MODE_CEILING */
        return vadd(q, vchoose(vlt(zero, r), vset(1.0), zero));
    }
    return vadd(q, vchoose(up, vset(1.0), vchoose(down, vset(-1.0), zero)));
}

/* n / D rounded; w: D and the least double R above 1 / D. With FMA, half up is one
 * step: for |n| < 2^51 no tie lies between n / D and n R (which is further from 0),
 * and fma rounds n R + MAGIC once; rating.md's proof is in docs/decisions/0002. */
static inline block rounded(block n, const fast_word *w, const int mode)
{
    EACH {
        vd q = vround(n.v[j], vset(w[1].d));
        n.v[j] = mode == MODE_HALF_UP && VHAS_FMA ? q : corrected(n.v[j], vset(w[0].d), q, mode);
    }
    return n;
}

static inline block e_SUM(block n, const fast_word *w)
{
    (void)w;
    return n;
}
static inline block e_MIN(block n, const fast_word *w) { return min(n, splat(w->d)); }
static inline block e_MAX(block n, const fast_word *w) { return max(n, splat(w->d)); }
#define ROUNDING(mode) \
    static inline block e_##mode(block n, const fast_word *w) { return rounded(n, w, MODE_##mode); }
ROUNDING(HALF_UP)
ROUNDING(HALF_EVEN)
ROUNDING(HALF_DOWN)
ROUNDING(HALF_CEILING)
ROUNDING(DOWN)
ROUNDING(UP)
ROUNDING(FLOOR)
ROUNDING(CEILING)

static inline block quotient(block n, block d, const int mode)
{
    EACH {
        vd q = vinteger(vdiv(n.v[j], d.v[j]));
        vd exact = corrected(n.v[j], d.v[j], q, mode);
        n.v[j] = vchoose(vlt(vset(0.0), d.v[j]), exact, vset(0.0));
    }
    return n;
}

/* w: k0, (reg, k) * n */
static inline block lin(const char *registers, const fast_word *w, const int n)
{
    block sum = splat(w[0].d);
    for (int i = 0; i < n; i++)
        sum = fma_k(get(registers, w[1 + 2 * i]), w[2 + 2 * i].d, sum);
    return sum;
}

/* One row of a table, w: reg, upto, k, D, R. */
typedef struct {
    block line, reach;
} tier;

static inline block bound(const char *registers, const fast_word *w, block quantity)
{
    return min(quantity, mul(get(registers, w[0]), splat(w[1].d)));
}

#define TIER_BODY(mode, LINES)                                                       \
    {                                                                                \
        const block quantity = get(registers, w[2]);                                 \
        const fast_word *row = w + 4;                                                \
        block sum = splat(0.0), reached = splat(0.0);                                \
        for (int64_t i = w[3].i; i > 0; i--, row += 5 + LINES) {                     \
            block reach = bound(registers, row + LINES, quantity);                   \
            block n = mul(sub(reach, reached), splat(row[2 + LINES].d));             \
            n = e_##mode(n, row + 3 + LINES);                                        \
            if (LINES)                                                               \
                put(registers, row[0], n);                                           \
            sum = add(sum, n);                                                       \
            reached = reach;                                                         \
        }                                                                            \
        block n = mul(sub(quantity, reached), splat(row[LINES].d));                  \
        n = e_##mode(n, row + 1 + LINES);                                            \
        if (LINES)                                                                   \
            put(registers, row[0], n);                                               \
        put(registers, w[1], add(sum, n));                                           \
        w = row + 3 + LINES;                                                         \
        NEXT;                                                                        \
    }

#define TSUM_BODY(e, SKIP)                                                           \
    {                                                                                \
        const block quantity = get(registers, w[2]);                                 \
        const fast_word *row = w + 6;                                                \
        block sum = fma_k(quantity, w[4].d, splat(w[3].d));                          \
        for (int64_t i = w[5].i; i > 0; i--, row += 3)                               \
            sum = fma_k(bound(registers, row, quantity), row[2].d, sum);             \
        put(registers, w[1], e_##e(sum, row));                                       \
        w = row + SKIP;                                                              \
        NEXT;                                                                        \
    }

#define LIN_BODY(n, e, SKIP)                                                         \
    {                                                                                \
        put(registers, w[1], e_##e(lin(registers, w + 2, n), w + 3 + 2 * n));        \
        w += 3 + 2 * n + SKIP;                                                       \
        NEXT;                                                                        \
    }

#define LINN_BODY(e, SKIP)                                                           \
    {                                                                                \
        const fast_word *term = w + 4;                                               \
        block sum = splat(w[2].d);                                                   \
        for (int64_t i = w[3].i; i > 0; i--, term += 2)                              \
            sum = fma_k(get(registers, term[0]), term[1].d, sum);                    \
        put(registers, w[1], e_##e(sum, term));                                      \
        w = term + SKIP;                                                             \
        NEXT;                                                                        \
    }

#define A get(registers, w[2])
#define B get(registers, w[3])
#define OP2_BODY(expression)                                                         \
    {                                                                                \
        put(registers, w[1], expression);                                            \
        w += 4;                                                                      \
        NEXT;                                                                        \
    }

#define COMPARE_BODY(compare)                                                        \
    {                                                                                \
        block a = A, b = B;                                                          \
        EACH a.v[j] = vchoose(compare(a.v[j], b.v[j]), vset(1.0), vset(0.0));        \
        put(registers, w[1], a);                                                     \
        w += 4;                                                                      \
        NEXT;                                                                        \
    }

#define SELECT_BODY(compare)                                                         \
    {                                                                                \
        block a = A, b = B, then = get(registers, w[4]), other = get(registers, w[5]); \
        EACH a.v[j] = vchoose(compare(a.v[j], b.v[j]), then.v[j], other.v[j]);       \
        put(registers, w[1], a);                                                     \
        w += 6;                                                                      \
        NEXT;                                                                        \
    }

#define IN_BODY(type)                                                                \
    {                                                                                \
        const type *column = (const type *)w[2].p + row;                             \
        block a;                                                                     \
        EACH a.v[j] = vload_##type(column + j * VLANES, w + 3, &flags[j]);           \
        put(registers, w[1], a);                                                     \
        w += 7;                                                                      \
        NEXT;                                                                        \
    }

#define NEXT goto *w->p
#define MODES_BODY(STEM, BODY, ...)                                                  \
    STEM##_HALF_UP: BODY(HALF_UP, __VA_ARGS__)                                       \
    STEM##_HALF_EVEN: BODY(HALF_EVEN, __VA_ARGS__)                                   \
    STEM##_HALF_DOWN: BODY(HALF_DOWN, __VA_ARGS__)                                   \
    STEM##_HALF_CEILING: BODY(HALF_CEILING, __VA_ARGS__)                             \
    STEM##_DOWN: BODY(DOWN, __VA_ARGS__)                                             \
    STEM##_UP: BODY(UP, __VA_ARGS__)                                                 \
    STEM##_FLOOR: BODY(FLOOR, __VA_ARGS__)                                           \
    STEM##_CEILING: BODY(CEILING, __VA_ARGS__)
#define LINn_BODY(e, n, SKIP) LIN_BODY(n, e, SKIP)
#define LIN_BODIES(n)                                                                \
    L_LIN##n##_SUM: LIN_BODY(n, SUM, 0)                                              \
    L_LIN##n##_MIN: LIN_BODY(n, MIN, 1)                                              \
    L_LIN##n##_MAX: LIN_BODY(n, MAX, 1)                                              \
    MODES_BODY(L_LIN##n, LINn_BODY, n, 2)
#define DIV_BODY(mode, unused) OP2_BODY(quotient(A, B, MODE_##mode))

static void flag(fast_state *state, int64_t row, uint32_t bits)
{
    for (; bits; bits &= bits - 1)
        state->flagged[state->n_flagged++] = row + __builtin_ctz(bits);
}

/* Words of an op: label, then its signature's. w is the program counter. */
static int64_t LEVEL(run)(fast_state *state, int64_t row, int64_t stop,
                          const void *const **labels_out)
{
#define LABEL(name, signature) &&L_##name,
    static const void *const labels[] = {FAST_OPS(LABEL)};
#undef LABEL
    if (!state) {
        *labels_out = labels;
        return 0;
    }
    char *const registers = __builtin_assume_aligned(state->registers, 64);
    const fast_word *const code = state->words, *w = code;
    vm flags[VN];
    EACH flags[j] = vnone();
    if (row + STEP_ROWS > stop)
        return row;
    NEXT;

L_IN64: IN_BODY(int64_t)
L_IN32: IN_BODY(int32_t)
L_OUT: {
    block a = get(registers, w[1]);
    int64_t *column = (int64_t *)w[2].out + row;
    EACH vstore_int64(column + j * VLANES, a.v[j]);
    w += 3;
    NEXT;
}
L_SKIP:
    w += 3;
    NEXT;
L_FAIL: {
    block a = get(registers, w[1]);
    EACH flags[j] = vor(flags[j], vne(a.v[j], vset(0.0)));
    w += 2;
    NEXT;
}
    LIN_BODIES(1)
    LIN_BODIES(2)
    LIN_BODIES(3)
    LIN_BODIES(4)
L_LINN_SUM: LINN_BODY(SUM, 0)
L_LINN_MIN: LINN_BODY(MIN, 1)
L_LINN_MAX: LINN_BODY(MAX, 1)
    MODES_BODY(L_LINN, LINN_BODY, 2)
    MODES_BODY(L_TIER, TIER_BODY, 0)
    MODES_BODY(L_TIERS, TIER_BODY, 1)
L_TSUM_SUM: TSUM_BODY(SUM, 0)
    MODES_BODY(L_TSUM, TSUM_BODY, 2)
L_MIN: OP2_BODY(min(A, B))
L_MAX: OP2_BODY(max(A, B))
L_MUL: OP2_BODY(mul(A, B))
L_LT: COMPARE_BODY(vlt)
L_LE: COMPARE_BODY(vle)
L_EQ: COMPARE_BODY(veq)
L_SEL_LT: SELECT_BODY(vlt)
L_SEL_LE: SELECT_BODY(vle)
L_SEL_EQ: SELECT_BODY(veq)
L_SELECT: {
    block a = A, b = B, c = get(registers, w[4]);
    EACH a.v[j] = vchoose(vne(a.v[j], vset(0.0)), b.v[j], c.v[j]);
    put(registers, w[1], a);
    w += 5;
    NEXT;
}
    MODES_BODY(L_DIV, DIV_BODY, 0)
L_END: {
    uint32_t bits = 0;
    EACH bits |= vbits(flags[j]) << (j * VLANES);
    if (__builtin_expect(bits != 0, 0)) {
        flag(state, row, bits);
        EACH flags[j] = vnone();
    }
    row += STEP_ROWS;
    if (row + STEP_ROWS > stop || state->n_flagged > FAST_FLAGGED_MAX - STEP_ROWS)
        return row;
    w = code;
    NEXT;
}
}

/* The bound to compare with: the same streams, one add a column. */
static void LEVEL(memory_only)(const rating_columns *columns, int n_in, int n_out, int64_t start,
                               int64_t stop)
{
    for (int64_t row = start; row + STEP_ROWS <= stop; row += STEP_ROWS) {
        vi sum[VN];
        EACH sum[j] = vi_zero();
        for (int i = 0; i < n_in; i++) {
            const in_column *in = &columns->in[i];
            if (in->is_int32)
                EACH sum[j] = vi_add_int32(sum[j], (const int32_t *)in->data + row + j * VLANES);
            else
                EACH sum[j] = vi_add_int64(sum[j], (const int64_t *)in->data + row + j * VLANES);
        }
        for (int i = 0; i < n_out; i++)
            EACH vi_store(columns->out[i] + row + j * VLANES, sum[j]);
    }
}

static const fast_level LEVEL(level) = {LEVEL_NUMBER, STEP_ROWS, LEVEL(run), LEVEL(memory_only)};
