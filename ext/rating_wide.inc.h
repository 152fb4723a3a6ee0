/* The wide executor's body, included once per register type:
 *   REG   the integer type of a register (int64_t or int128)
 *   UREG  its unsigned twin
 *   NAME  name(x): the suffixed name of a function
 * Every loop runs over the rows of one chunk; the proven bounds exclude overflow. */

static inline UREG NAME(magnitude)(REG v)
{
    return v < 0 ? (UREG)0 - (UREG)v : (UREG)v;
}

/* q = |n| / d, r = |n| % d: the integer that the mode makes of n / d. */
static inline __attribute__((always_inline)) REG NAME(rounded)(UREG q, UREG r, UREG d, int negative, int mode)
{
    int up = 0;
    switch (mode) {
    case MODE_HALF_UP:
        up = r >= d - r;
        break;
    case MODE_HALF_EVEN:
        up = r > d - r || (r == d - r && (q & 1));
        break;
    case MODE_HALF_DOWN:
        up = r > d - r;
        break;
    case MODE_HALF_CEILING:
        up = r > d - r || (r == d - r && !negative);
        break;
    case MODE_DOWN:
        break;
    case MODE_UP:
        up = r > 0;
        break;
    case MODE_FLOOR:
        up = r > 0 && negative;
        break;
    case MODE_CEILING:
        up = r > 0 && !negative;
        break;
    }
    REG magnitude = (REG)(q + (UREG)up);
    return negative ? -magnitude : magnitude;
}

static inline __attribute__((always_inline)) void NAME(divide_rows)(const wide_op *op,
                                                                     const REG *a, REG *d, int n,
                                                                     const int mode)
{
    const UREG by = (UREG)op->k;
    for (int i = 0; i < n; i++) {
        UREG m = NAME(magnitude)(a[i]), q = NAME(quotient)(m, op);
        d[i] = NAME(rounded)(q, m - q * by, by, a[i] < 0, mode);
    }
}

static void NAME(divide_by_constant)(const wide_op *op, const REG *a, REG *d, int n)
{
    if (op->mode == MODE_HALF_UP) /* the common one, without a switch a row */
        NAME(divide_rows)(op, a, d, n, MODE_HALF_UP);
    else
        NAME(divide_rows)(op, a, d, n, op->mode);
}

static void NAME(divide)(int mode, const REG *a, const REG *b, REG *d, int n)
{
    for (int i = 0; i < n; i++) {
        UREG m = NAME(magnitude)(a[i]), by = b[i] > 0 ? (UREG)b[i] : 1;
        UREG q = (m >> 32) >> 31 || (by >> 32) >> 31 ? m / by : (uint64_t)m / (uint64_t)by;
        REG result = NAME(rounded)(q, m - q * by, by, a[i] < 0, mode);
        d[i] = b[i] > 0 ? result : 0;
    }
}

static void NAME(power_factors)(int64_t k, const REG *a, const REG *b, REG *d, int n)
{
    for (int i = 0; i < n; i++)
        d[i] = power_factor((int64_t)a[i], (int64_t)b[i], k);
}

static void NAME(fail)(const REG *a, uint8_t k, uint8_t *failed, REG *d, int n)
{
    for (int i = 0; i < n; i++) {
        failed[i] = a[i] != 0 && !failed[i] ? k : failed[i];
        d[i] = 0;
    }
}

#define EACH_ROW(expression)      \
    for (int i = 0; i < n; i++)   \
        d[i] = (REG)(expression); \
    break

static void NAME(step)(const wide_op *op, const int64_t *in, REG *slots, uint8_t *failed, int n)
{
    const REG *a = slots + (ptrdiff_t)op->a * WIDE_CHUNK;
    const REG *b = slots + (ptrdiff_t)op->b * WIDE_CHUNK;
    const REG *c = slots + (ptrdiff_t)op->c * WIDE_CHUNK;
    REG *restrict d = slots + (ptrdiff_t)op->dst * WIDE_CHUNK;
    const REG k = (REG)op->k;
    switch (op->code) {
    case WIDE_INPUT:
        in += (ptrdiff_t)k * WIDE_CHUNK;
        EACH_ROW(in[i]);
    case WIDE_CONST:
        EACH_ROW(k);
    case WIDE_ADD:
        EACH_ROW(a[i] + b[i]);
    case WIDE_SUB:
        EACH_ROW(a[i] - b[i]);
    case WIDE_MUL:
        EACH_ROW(a[i] * b[i]);
    case WIDE_MULK:
        EACH_ROW(a[i] * k);
    case WIDE_ADDK:
        EACH_ROW(a[i] + k);
    case WIDE_MIN:
        EACH_ROW(a[i] < b[i] ? a[i] : b[i]);
    case WIDE_MAX:
        EACH_ROW(a[i] > b[i] ? a[i] : b[i]);
    case WIDE_LT:
        EACH_ROW(a[i] < b[i]);
    case WIDE_LE:
        EACH_ROW(a[i] <= b[i]);
    case WIDE_EQ:
        EACH_ROW(a[i] == b[i]);
    case WIDE_SELECT:
        EACH_ROW(a[i] != 0 ? b[i] : c[i]);
    case WIDE_DIVK:
        NAME(divide_by_constant)(op, a, d, n);
        break;
    case WIDE_DIV:
        NAME(divide)(op->mode, a, b, d, n);
        break;
    case WIDE_FAIL:
        NAME(fail)(a, (uint8_t)op->k, failed, d, n);
        break;
    case WIDE_POWER_FACTOR:
        NAME(power_factors)((int64_t)op->k, a, b, d, n);
        break;
    }
}

#undef EACH_ROW

static void NAME(show)(const rating_program *program, const rating_columns *columns,
                       const REG *slots, const int64_t *rows, uint8_t *failed, int n)
{
    for (int32_t j = 0; j < program->n_outputs; j++) {
        const REG *v = slots + (ptrdiff_t)program->outputs[j] * WIDE_CHUNK;
        int64_t *out = columns->out[j];
        for (int i = 0; i < n; i++) {
            int64_t shown = (int64_t)v[i];
            if (shown != v[i] && !failed[i])
                failed[i] = RATING_OVERFLOW;
            if (out)
                out[rows[i]] = shown;
        }
    }
}

static void NAME(run)(const rating_program *program, const rating_columns *columns,
                      const int64_t *in, REG *slots, const int64_t *rows, uint8_t *failed, int n)
{
    for (int32_t i = 0; i < program->n_ops; i++)
        NAME(step)(&program->ops[i], in, slots, failed, n);
    NAME(show)(program, columns, slots, rows, failed, n);
}
