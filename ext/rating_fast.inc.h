/* The fast executor's body, included once per dispatch level after its vectors
 * (rating_vec_*.inc.h). LEVEL(x) suffixes a name.
 *
 * A register machine: a step takes VN vectors of rows through the whole program. Its
 * registers are doubles that hold integers below 2^51, so sums and products are exact
 * wherever core/tariff/fast/bounds.py proved the bounds; what the ops mean is written
 * in rating_fast_ops.inc.h. Nothing is checked here but the inputs' limits and FAIL;
 * rows that do not pass are only flagged. */

#define INLINE static inline __attribute__((always_inline)) /* constant `what` folds */
#define EACH for (int j = 0; j < VN; j++)
#define BIAS (VHAS_FMA ? MAGIC : 0.0)

enum { STEP_ROWS = VN * VLANES, PREFETCH_IN_ROWS = 256, PREFETCH_OUT_ROWS = 128 };

typedef struct {
    vd v[VN];
} block;

INLINE block get(fast_word reg)
{
    const vd *from = reg.p;
    block b;
    EACH b.v[j] = from[j];
    return b;
}

INLINE void put(fast_word reg, block b)
{
    vd *to = reg.out;
    EACH to[j] = b.v[j];
}

INLINE block splat(double k)
{
    block b;
    EACH b.v[j] = vset(k);
    return b;
}

#define BLOCKWISE(name)                        \
    INLINE block name(block a, block b)        \
    {                                          \
        EACH a.v[j] = v##name(a.v[j], b.v[j]); \
        return a;                              \
    }
BLOCKWISE(add)
BLOCKWISE(sub)
BLOCKWISE(mul)
BLOCKWISE(min)
BLOCKWISE(max)

INLINE block fma_k(block a, double k, block c)
{
    EACH c.v[j] = vfma(a.v[j], vset(k), c.v[j]);
    return c;
}

/* q is an integer within 1/2 + 3/(4d) of n / d, so n - q d is exact and below d in
 * magnitude, and what any mode wants is q - 1, q or q + 1. */
INLINE vd corrected(vd n, vd d, vd q, const int mode)
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

/* A raised register + n / D rounded half up; r is the least double above 1 / D.
 * With FMA one step: for |n| < 2^51 no tie lies between n / D and n r, which is further
 * from 0 and never a tie itself; fma adds it to an integer of [2^52, 2^53) and rounds
 * once, to an integer. Without: for m = |n| + floor(D / 2) < 2^51, floor(m r) is
 * floor(m / D), although the product is rounded. Proofs: docs/decisions/0002-kernel.md. */
INLINE vd round_onto(vd raised, vd n, vd d, vd r)
{
#if VHAS_FMA
    (void)d;
    return vfma(n, r, raised);
#else
    const vd half = vfloor(vmul(d, vset(0.5)));
    return vadd(raised, vsigned(vfloor(vmul(vadd(vmagnitude(n), half), r)), n));
#endif
}

/* n / D rounded by a mode; w: D, R. */
INLINE vd rounded(vd n, const fast_word *w, const int mode)
{
    const vd d = vset(w[0].d), r = vset(w[1].d), bias = vset(BIAS);
    return mode == MODE_HALF_UP ? vsub(round_onto(bias, n, d, r), bias)
                                : corrected(n, d, vinteger(vmul(n, r)), mode);
}

/* A sum + n / D rounded by a mode; half up sums are raised. */
INLINE vd add_line(vd sum, vd n, const fast_word *w, const int mode)
{
    return mode == MODE_HALF_UP ? round_onto(sum, n, vset(w[0].d), vset(w[1].d))
                                : vadd(sum, rounded(n, w, mode));
}

INLINE block onto(block raised, block n, const fast_word *w)
{
    EACH raised.v[j] = round_onto(raised.v[j], n.v[j], vset(w[0].d), vset(w[1].d));
    return raised;
}

INLINE block divided(block n, const fast_word *w, const int mode)
{
    EACH n.v[j] = rounded(n.v[j], w, mode);
    return n;
}

/* What the sum n becomes; *w: the arguments of that, stepped over. */
INLINE block become(block n, const fast_word **w, const int what)
{
    const fast_word *const arg = *w;
    *w += what == TO_SUM ? 0 : what == TO_MIN || what == TO_MAX ? 1 : what == TO_RADD ? 3 : 2;
    switch (what) {
    case TO_SUM:
        return n;
    case TO_MIN:
        return min(n, splat(arg->d));
    case TO_MAX:
        return max(n, splat(arg->d));
    case TO_RAISED:
        return onto(splat(BIAS), n, arg);
    case TO_RADD:
        return onto(get(arg[0]), n, arg + 1);
    default:
        return divided(n, arg, what);
    }
}

/* Every op: w at its label, returned past its arguments. */
#define OP(name) \
    INLINE const fast_word *name(const fast_word *w, vm *inside, int64_t row, const int what)
#define UNUSED (void)inside, (void)row, (void)what
#define A get(w[2])
#define B get(w[3])

INLINE const fast_word *lin(const fast_word *w, const fast_word *terms, const int64_t n,
                            const int what)
{
    block sum = splat(w[2].d);
    for (int64_t i = 0; i < n; i++, terms += 2)
        sum = fma_k(get(terms[0]), terms[1].d, sum);
    put(w[1], become(sum, &terms, what));
    return terms;
}

OP(lin1_op) { UNUSED; return lin(w, w + 3, 1, what); }
OP(lin2_op) { UNUSED; return lin(w, w + 3, 2, what); }
OP(lin3_op) { UNUSED; return lin(w, w + 3, 3, what); }
OP(lin4_op) { UNUSED; return lin(w, w + 3, 4, what); }
OP(linn_op) { UNUSED; return lin(w, w + 4, w[3].i, what); }

/* min(quantity, upto * reg); w: reg, upto */
INLINE block reach(block quantity, const fast_word *w)
{
    return min(mul(get(w[0]), splat(w[1].d)), quantity);
}

OP(tsum_op)
{
    UNUSED;
    const block quantity = A;
    const fast_word *term = w + 6;
    block sum = fma_k(quantity, w[4].d, splat(w[3].d));
    for (int64_t i = w[5].i; i > 0; i--, term += 3)
        sum = fma_k(reach(quantity, term), term[2].d, sum);
    put(w[1], become(sum, &term, what));
    return term;
}

/* The sum of a table's lines, onto a raised 0 if half up. */
OP(tier_op)
{
    UNUSED;
    const vd *const quantity = w[2].p;
    const fast_word *tier = w + 4;
    vd below[VN], sum[VN];
    EACH below[j] = vset(0.0);
    EACH sum[j] = vset(what == MODE_HALF_UP ? BIAS : 0.0);
    for (int64_t i = w[3].i; i > 0; i--, tier += 5) {
        const vd *const base = tier[0].p;
        const vd upto = vset(tier[1].d), rate = vset(tier[2].d);
        EACH {
            const vd reached = vmin(vmul(base[j], upto), quantity[j]);
            sum[j] = add_line(sum[j], vmul(vsub(reached, below[j]), rate), tier + 3, what);
            below[j] = reached;
        }
    }
    const vd rate = vset(tier[0].d);
    EACH sum[j] = add_line(sum[j], vmul(vsub(quantity[j], below[j]), rate), tier + 1, what);
    EACH ((vd *)w[1].out)[j] = sum[j];
    return tier + 3;
}

/* The same, with every line kept. */
OP(tiers_op)
{
    UNUSED;
    const block quantity = A;
    const fast_word *tier = w + 4;
    block below = splat(0.0), sum = splat(what == MODE_HALF_UP ? BIAS : 0.0), line;
    for (int64_t i = w[3].i; i > 0; i--, tier += 6) {
        const block upto = reach(quantity, tier + 1);
        line = divided(mul(sub(upto, below), splat(tier[3].d)), tier + 4, what);
        put(tier[0], line);
        sum = add(sum, line);
        below = upto;
    }
    line = divided(mul(sub(quantity, below), splat(tier[1].d)), tier + 2, what);
    put(tier[0], line);
    put(w[1], add(sum, line));
    return tier + 4;
}

OP(binary_op)
{
    UNUSED;
    const block a = A, b = B;
    put(w[1], what == BINARY_MIN ? min(a, b) : what == BINARY_MAX ? max(a, b) : mul(a, b));
    return w + 4;
}

/* n / d rounded by a mode; 0 where d <= 0. */
OP(quotient_op)
{
    UNUSED;
    const vd zero = vset(0.0);
    block n = A, d = B;
    EACH {
        vd q = corrected(n.v[j], d.v[j], vinteger(vdiv(n.v[j], d.v[j])), what);
        n.v[j] = vchoose(vlt(zero, d.v[j]), q, zero);
    }
    put(w[1], n);
    return w + 4;
}

INLINE block choose(block a, block b, block then, block other, const int test)
{
    EACH {
        vm m = test == TEST_LT   ? vlt(a.v[j], b.v[j])
               : test == TEST_LE ? vle(a.v[j], b.v[j])
                                 : veq(a.v[j], b.v[j]);
        then.v[j] = vchoose(m, then.v[j], other.v[j]);
    }
    return then;
}

OP(compare_op)
{
    UNUSED;
    put(w[1], choose(A, B, splat(1.0), splat(0.0), what));
    return w + 4;
}

OP(compare_select_op)
{
    UNUSED;
    put(w[1], choose(A, B, get(w[4]), get(w[5]), what));
    return w + 6;
}

OP(select_op)
{
    UNUSED;
    put(w[1], choose(A, splat(0.0), get(w[4]), B, TEST_EQ));
    return w + 5;
}

OP(fail_op)
{
    UNUSED;
    const block a = get(w[1]);
    EACH *inside = vand(*inside, veq(a.v[j], vset(0.0)));
    return w + 2;
}

INLINE void prefetch(const void *column, int64_t row, int bytes, const int writes)
{
    const int ahead = writes ? PREFETCH_OUT_ROWS : PREFETCH_IN_ROWS;
    const char *at = (const char *)column + (row + ahead) * bytes;
    for (int i = 0; i < STEP_ROWS * bytes; i += 64)
        __builtin_prefetch(at + i, writes);
}

OP(load_op)
{
    block a;
    prefetch(w[2].p, row, what / 8, 0);
    EACH a.v[j] = what == 64 ? vload_int64((const int64_t *)w[2].p + row + j * VLANES)
                             : vload_int32((const int32_t *)w[2].p + row + j * VLANES);
    *inside = vinside(*inside, a.v, vset(w[3].d), vset(w[4].d));
    put(w[1], a);
    return w + 5;
}

OP(store_op)
{
    (void)inside;
    const block a = get(w[1]);
    prefetch(w[2].p, row, 8, 1);
    EACH vstore_int64((int64_t *)w[2].out + row + j * VLANES, a.v[j], what);
    return w + 3;
}

OP(skip_op)
{
    UNUSED;
    return w + 3;
}

/* Notes every row of a lane that did not pass; the caller looks closer. */
static void flag(fast_state *state, int64_t row, uint32_t lanes)
{
    for (; lanes; lanes &= lanes - 1)
        EACH state->flagged[state->n_flagged++] = row + j * VLANES + __builtin_ctz(lanes);
}

/* The end of a step. Returns whether to go on. */
INLINE int next_step(fast_state *state, vm *inside, int64_t *row, int64_t stop)
{
    const uint32_t all = ((uint32_t)1 << VLANES) - 1, passed = vbits(*inside);
    if (__builtin_expect(passed != all, 0)) {
        flag(state, *row, passed ^ all);
        *inside = vall();
    }
    *row += STEP_ROWS;
    return *row + STEP_ROWS <= stop && state->n_flagged <= FAST_FLAGGED_MAX - STEP_ROWS;
}

static int64_t LEVEL(run)(fast_state *state, int64_t row, int64_t stop,
                          const void *const **labels_out)
{
#define LABEL(name, signature, op, what) &&L_##name,
    static const void *const labels[] = {FAST_OPS(LABEL)};
    if (!state) {
        *labels_out = labels;
        return 0;
    }
    const fast_word *w = state->words;
    vm inside = vall();
    if (row + STEP_ROWS > stop)
        return row;
    goto *w->p;
#define end_op(w, inside, row, what)                        \
    next_step(state, inside, &row, stop) ? state->words : NULL; \
    if (!w)                                            \
        return row
#define BODY(name, signature, op, what)          \
    L_##name : w = op(w, &inside, row, what); \
    goto *w->p;
    FAST_OPS(BODY)
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

static const fast_level LEVEL(level) = {LEVEL_NUMBER, VHAS_FMA, STEP_ROWS, LEVEL(run),
                                        LEVEL(memory_only)};
