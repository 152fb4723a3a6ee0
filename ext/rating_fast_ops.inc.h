/* The fast instruction set, once: X(name, signature, function of rating_fast.inc.h).
 *
 * A signature lists the arguments, one letter each; the encoder in rating.pyx checks
 * and lays out words by it, the executor in rating_fast.inc.h reads them:
 *   d  register written           r  register read
 *   k  exact integer constant     b  the constant k0 + kb * BIAS, as k0, kb (one word)
 *   D  divisor >= 1 (two words: divisor, reciprocal)      E  divisor >= 2 (same words)
 *   c  input column, lo, hi (three words: pointer, lo, hi)
 *   o  output column (pointer)    n(...)  a count, then the group that often
 *
 * A register holds an integer, or that integer + BIAS: it is "raised". BIAS is MAGIC at
 * levels with FMA, else 0. Rounding onto a raised register is one FMA; a sum with a
 * raised term first takes it down again through kb, at no cost.
 *
 * LINc_e     dst, k0, kb, (reg, k) * c, e's arguments: e(k0 + sum of k * reg); LINN: any c.
 *            e is nothing (SUM), a minimum or maximum with a constant, a rounding after
 *            division, RAISED (half up, dst raised) or RADD (half up, added to a raised
 *            register, dst raised)
 * TIER_e     dst, q, n, (reg, upto, k, D) * n, k, D: a graduated table, every line e-rounded;
 *            row bounds are upto * reg, the last row is open; dst is the sum of the lines
 *            (RAISED: half up, dst raised)
 * TIERS_e    the same, each row begins with a dst for its line (never raised)
 * TSUM_e     dst, q, k0, kq, n, (reg, upto, k) * n: e(k0 + kq * q + sum of k * min(q, upto * reg))
 * SEL_LT ..  dst, x, y, then, other: x < y ? then : other
 * IN64 becomes IN32, OUT and OUT_RAISED become SKIP when a call's columns say so. */

#define FAST_ROUNDING(X, STEM, SIG, OP)                             \
    X(STEM##_HALF_UP, SIG "D", OP, MODE_HALF_UP)                    \
    X(STEM##_HALF_EVEN, SIG "E", OP, MODE_HALF_EVEN)                \
    X(STEM##_HALF_DOWN, SIG "E", OP, MODE_HALF_DOWN)                \
    X(STEM##_HALF_CEILING, SIG "E", OP, MODE_HALF_CEILING)          \
    X(STEM##_DOWN, SIG "E", OP, MODE_DOWN)                          \
    X(STEM##_UP, SIG "E", OP, MODE_UP)                              \
    X(STEM##_FLOOR, SIG "E", OP, MODE_FLOOR)                        \
    X(STEM##_CEILING, SIG "E", OP, MODE_CEILING)

#define FAST_LIN(X, STEM, SIG, OP)                                  \
    X(STEM##_MIN, SIG "k", OP, TO_MIN)                              \
    X(STEM##_MAX, SIG "k", OP, TO_MAX)                              \
    X(STEM##_SUM, SIG, OP, TO_SUM)                                  \
    X(STEM##_RAISED, SIG "D", OP, TO_RAISED)                        \
    X(STEM##_RADD, SIG "rD", OP, TO_RADD)                           \
    FAST_ROUNDING(X, STEM, SIG, OP)

#define FAST_TIER(X, MODE, TO, D)                                   \
    X(TIER_##MODE, "drn(rkk" D ")k" D, tier_op, TO)                 \
    X(TIERS_##MODE, "drn(drkk" D ")dk" D, tiers_op, TO)

#define FAST_OPS(X)                                                 \
    X(IN64, "dc", load_op, 64)                                      \
    X(IN32, "dc", load_op, 32)                                      \
    X(OUT, "ro", store_op, 0)                                       \
    X(OUT_RAISED, "ro", store_op, 1)                                \
    X(SKIP, "ro", skip_op, 0)                                       \
    X(FAIL, "r", fail_op, 0)                                        \
    FAST_LIN(X, LIN1, "dbrk", lin1_op)                              \
    FAST_LIN(X, LIN2, "dbrkrk", lin2_op)                            \
    FAST_LIN(X, LIN3, "dbrkrkrk", lin3_op)                          \
    FAST_LIN(X, LIN4, "dbrkrkrkrk", lin4_op)                        \
    FAST_LIN(X, LINN, "dbn(rk)", linn_op)                           \
    FAST_TIER(X, RAISED, MODE_HALF_UP, "D")                         \
    FAST_TIER(X, HALF_EVEN, MODE_HALF_EVEN, "E")                    \
    FAST_TIER(X, HALF_DOWN, MODE_HALF_DOWN, "E")                    \
    FAST_TIER(X, HALF_CEILING, MODE_HALF_CEILING, "E")              \
    FAST_TIER(X, DOWN, MODE_DOWN, "E")                              \
    FAST_TIER(X, UP, MODE_UP, "E")                                  \
    FAST_TIER(X, FLOOR, MODE_FLOOR, "E")                            \
    FAST_TIER(X, CEILING, MODE_CEILING, "E")                        \
    X(TSUM_SUM, "drkkn(rkk)", tsum_op, TO_SUM)                      \
    FAST_ROUNDING(X, TSUM, "drkkn(rkk)", tsum_op)                   \
    X(MIN, "drr", binary_op, BINARY_MIN)                            \
    X(MAX, "drr", binary_op, BINARY_MAX)                            \
    X(MUL, "drr", binary_op, BINARY_MUL)                            \
    X(LT, "drr", compare_op, TEST_LT)                               \
    X(LE, "drr", compare_op, TEST_LE)                               \
    X(EQ, "drr", compare_op, TEST_EQ)                               \
    X(SELECT, "drrr", select_op, 0)                                 \
    X(SEL_LT, "drrrr", compare_select_op, TEST_LT)                  \
    X(SEL_LE, "drrrr", compare_select_op, TEST_LE)                  \
    X(SEL_EQ, "drrrr", compare_select_op, TEST_EQ)                  \
    X(DIV_HALF_UP, "drr", quotient_op, MODE_HALF_UP)                \
    X(DIV_HALF_EVEN, "drr", quotient_op, MODE_HALF_EVEN)            \
    X(DIV_HALF_DOWN, "drr", quotient_op, MODE_HALF_DOWN)            \
    X(DIV_HALF_CEILING, "drr", quotient_op, MODE_HALF_CEILING)      \
    X(DIV_DOWN, "drr", quotient_op, MODE_DOWN)                      \
    X(DIV_UP, "drr", quotient_op, MODE_UP)                          \
    X(DIV_FLOOR, "drr", quotient_op, MODE_FLOOR)                    \
    X(DIV_CEILING, "drr", quotient_op, MODE_CEILING)                \
    X(END, "", end_op, 0)

enum fast_opcode {
#define FAST_NUMBER(name, signature, op, of) FAST_##name,
    FAST_OPS(FAST_NUMBER)
#undef FAST_NUMBER
    FAST_OPCODES,
};

/* What becomes of a sum: one of these or a mode; what an op compares or combines with. */
enum { TO_SUM = RATING_MODES, TO_MIN, TO_MAX, TO_RAISED, TO_RADD };
enum { TEST_LT, TEST_LE, TEST_EQ };
enum { BINARY_MIN, BINARY_MAX, BINARY_MUL };
