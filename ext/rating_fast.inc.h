/* The fast executor's body, included once per dispatch level after its vectors
 * (rating_vec_*.inc.h). LEVEL(x) suffixes a name.
 *
 * A register machine: a step takes VN vectors of rows through the whole program. Its
 * registers are doubles that hold integers below 2^51, so sums and products are exact
 * wherever core/tariff/fast_bounds.py proved the bounds; what the ops mean is written
 * in rating_fast_ops.inc.h. Nothing is checked here but the inputs' limits and FAIL;
 * rows that do not pass are only flagged. */

#define INLINE static inline __attribute__((always_inline)) /* constant `what` folds */

enum { STEP_ROWS = VN * VLANES, STEP_BYTES = STEP_ROWS * 8 };

#define BIAS (VHAS_FMA ? MAGIC : 0.0)

typedef struct {
    vd v[VN];
} block;

#define EACH for (int j = 0; j < VN; j++)

INLINE block get(const char *registers, fast_word offset)
{
    const vd *from = (const vd *)(registers + offset.i * (STEP_BYTES / 64));
    block b;
    EACH b.v[j] = from[j];
    return b;
}

INLINE void put(char *registers, fast_word offset, block b)
{
    vd *to = (vd *)(registers + offset.i * (STEP_BYTES / 64));
    EACH to[j] = b.v[j];
}

INLINE block splat(double k)
{
    block b;
    EACH b.v[j] = vset(k);
    return b;
}

#define BLOCKWISE(name)                        \
    INLINE block name(block a, block b) \
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

/* A raised register + n / D rounded half up; w: D, R. With FMA one step: R is the least
 * double above 1 / D, so for |n| < 2^51 no tie lies between n / D and n R, which is
 * further from 0 and never a tie itself; fma adds it to an integer of [2^52, 2^53) and
 * rounds once, to an integer. The proof: docs/decisions/0002-kernel.md. */
INLINE block round_onto(block raised, block n, const fast_word *w)
{
    const vd r = vset(w[1].d);
#if VHAS_FMA
    EACH raised.v[j] = vfma(n.v[j], r, raised.v[j]);
#else
    const vd d = vset(w[0].d);
    EACH {
        vd q = corrected(n.v[j], d, vinteger(vmul(n.v[j], r)), MODE_HALF_UP);
        raised.v[j] = vadd(raised.v[j], q);
    }
#endif
    return raised;
}

/* n / D rounded by a mode; w: D, R. */
INLINE block rounded(block n, const fast_word *w, const int mode)
{
    if (mode == MODE_HALF_UP)
        return sub(round_onto(splat(BIAS), n, w), splat(BIAS));
    const vd d = vset(w[0].d), r = vset(w[1].d);
    EACH n.v[j] = corrected(n.v[j], d, vinteger(vmul(n.v[j], r)), mode);
    return n;
}

/* What the sum n becomes; *w: the arguments of that, stepped over. */
INLINE block become(block n, const fast_word **w, const char *registers, const int what)
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
        return round_onto(splat(BIAS), n, arg);
    case TO_RADD:
        return round_onto(get(registers, arg[0]), n, arg + 1);
    default:
        return rounded(n, arg, what);
    }
}

/* Every op: w at its label, returned past its arguments. */
#define OP(name)                                                                     \
    INLINE const fast_word *name(const fast_word *w, char *registers, vm *inside, \
                                        int64_t row, const int what)
#define UNUSED (void)inside, (void)row, (void)what
#define A get(registers, w[2])
#define B get(registers, w[3])

INLINE const fast_word *lin(const fast_word *w, char *registers, const fast_word *terms,
                                   const int64_t n, const int what)
{
    block sum = splat(w[2].d);
    for (int64_t i = 0; i < n; i++, terms += 2)
        sum = fma_k(get(registers, terms[0]), terms[1].d, sum);
    put(registers, w[1], become(sum, &terms, registers, what));
    return terms;
}

OP(lin1_op) { UNUSED; return lin(w, registers, w + 3, 1, what); }
OP(lin2_op) { UNUSED; return lin(w, registers, w + 3, 2, what); }
OP(lin3_op) { UNUSED; return lin(w, registers, w + 3, 3, what); }
OP(lin4_op) { UNUSED; return lin(w, registers, w + 3, 4, what); }
OP(linn_op) { UNUSED; return lin(w, registers, w + 4, w[3].i, what); }

/* min(quantity, upto * reg); w: reg, upto */
INLINE block reach(block quantity, const char *registers, const fast_word *w)
{
    return min(quantity, mul(get(registers, w[0]), splat(w[1].d)));
}

OP(tsum_op)
{
    UNUSED;
    const block quantity = A;
    const fast_word *term = w + 6;
    block sum = fma_k(quantity, w[4].d, splat(w[3].d));
    for (int64_t i = w[5].i; i > 0; i--, term += 3)
        sum = fma_k(reach(quantity, registers, term), term[2].d, sum);
    put(registers, w[1], become(sum, &term, registers, what));
    return term;
}

/* The sum of a table's lines, onto a raised 0 if half up. */
OP(tier_op)
{
    UNUSED;
    const block quantity = A;
    const fast_word *tier = w + 4;
    block below = splat(0.0), sum = splat(what == MODE_HALF_UP ? BIAS : 0.0), n;
    for (int64_t i = w[3].i; i > 0; i--, tier += 5) {
        const block upto = reach(quantity, registers, tier);
        n = mul(sub(upto, below), splat(tier[2].d));
        sum = what == MODE_HALF_UP ? round_onto(sum, n, tier + 3)
                                   : add(sum, rounded(n, tier + 3, what));
        below = upto;
    }
    n = mul(sub(quantity, below), splat(tier[0].d));
    sum = what == MODE_HALF_UP ? round_onto(sum, n, tier + 1)
                               : add(sum, rounded(n, tier + 1, what));
    put(registers, w[1], sum);
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
        const block upto = reach(quantity, registers, tier + 1);
        line = rounded(mul(sub(upto, below), splat(tier[3].d)), tier + 4, what);
        put(registers, tier[0], line);
        sum = add(sum, line);
        below = upto;
    }
    line = rounded(mul(sub(quantity, below), splat(tier[1].d)), tier + 2, what);
    put(registers, tier[0], line);
    put(registers, w[1], add(sum, line));
    return tier + 4;
}

OP(binary_op)
{
    UNUSED;
    const block a = A, b = B;
    put(registers, w[1], what == BINARY_MIN ? min(a, b) : what == BINARY_MAX ? max(a, b) : mul(a, b));
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
    put(registers, w[1], n);
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
    put(registers, w[1], choose(A, B, splat(1.0), splat(0.0), what));
    return w + 4;
}

OP(compare_select_op)
{
    UNUSED;
    put(registers, w[1], choose(A, B, get(registers, w[4]), get(registers, w[5]), what));
    return w + 6;
}

OP(select_op)
{
    UNUSED;
    put(registers, w[1], choose(A, splat(0.0), get(registers, w[4]), B, TEST_EQ));
    return w + 5;
}

OP(fail_op)
{
    UNUSED;
    const block a = get(registers, w[1]);
    EACH inside[j] = vand(inside[j], veq(a.v[j], vset(0.0)));
    return w + 2;
}

OP(load_op)
{
    const vd lo = vset(w[3].d), hi = vset(w[4].d);
    block a;
#ifdef PF
    for (int b = 0; b < STEP_ROWS * (what == 64 ? 8 : 4); b += 64)
        __builtin_prefetch((const char *)w[2].p + (row + PF) * (what == 64 ? 8 : 4) + b, 0, PFL);
#endif
    EACH {
        a.v[j] = what == 64 ? vload_int64((const int64_t *)w[2].p + row + j * VLANES)
                            : vload_int32((const int32_t *)w[2].p + row + j * VLANES);
        inside[j] = vinside(inside[j], a.v[j], lo, hi);
    }
    put(registers, w[1], a);
    return w + 5;
}

OP(store_op)
{
    (void)inside;
    const block a = get(registers, w[1]);
#ifdef PFW
    for (int b = 0; b < STEP_ROWS * 8; b += 64)
        __builtin_prefetch((char *)w[2].out + (row + PF) * 8 + b, 1, 3);
#endif
    EACH vstore_int64((int64_t *)w[2].out + row + j * VLANES, a.v[j], what);
    return w + 3;
}

OP(skip_op)
{
    UNUSED;
    (void)registers;
    return w + 3;
}

static void flag(fast_state *state, int64_t row, uint64_t bits)
{
    for (; bits; bits &= bits - 1)
        state->flagged[state->n_flagged++] = row + __builtin_ctzll(bits);
}

/* The end of a step: notes the rows that did not pass. Returns whether to go on. */
INLINE int next_step(fast_state *state, vm *inside, int64_t *row, int64_t stop)
{
    const uint64_t all = ~(uint64_t)0 >> (64 - STEP_ROWS);
    uint64_t passed = 0;
    EACH passed |= (uint64_t)vbits(inside[j]) << (j * VLANES);
    if (__builtin_expect(passed != all, 0)) {
        flag(state, *row, passed ^ all);
        EACH inside[j] = vall();
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
    char *const registers = __builtin_assume_aligned(state->registers, 64);
    const fast_word *w = state->words;
    vm inside[VN];
    EACH inside[j] = vall();
    if (row + STEP_ROWS > stop)
        return row;
    goto *w->p;
#define end_op(w, registers, inside, row, what)        \
    next_step(state, inside, &row, stop) ? state->words : NULL; \
    if (!w)                                            \
        return row
#define BODY(name, signature, op, what)          \
    L_##name : w = op(w, registers, inside, row, what); \
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
