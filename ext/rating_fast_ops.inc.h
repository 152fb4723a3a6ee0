/* The fast instruction set, once: X(name, signature) for every op.
 *
 * A signature lists the arguments, one letter each; the encoder in rating.pyx checks
 * and lays out words by it, the executor in rating_fast.inc.h reads them:
 *   d  register written           r  register read
 *   k  exact integer constant     D  divisor >= 1 (two words: divisor, reciprocal)
 *   E  divisor >= 2 (same words)
 *   c  input column, lo, hi (five words: pointer, lo and hi as double, as integer)
 *   o  output column (pointer)    n(...)  a count, then the group that often
 *
 * IN64 becomes IN32, OUT becomes SKIP when a call's columns say so (link_fast).
 * LINc_e     dst, k0, (reg, k) * c, e's argument: e(k0 + sum of k * reg); LINN takes a count
 * TIER_e     dst, q, n, (reg, upto, k, D) * n, k, D: a graduated table, every line e-rounded;
 *            row bounds are upto * reg, the last row is open; dst is the sum of the lines
 * TIERS_e    the same, each row begins with a dst for its line
 * TSUM_e     dst, q, k0, kq, n, (reg, upto, k) * n: e(k0 + kq * q + sum of k * min(q, upto * reg))
 * SEL_LT ..  dst, x, y, then, other: x < y ? then : other */

#define FAST_MODES(X, STEM, SIG, D0, D)  \
    X(STEM##_HALF_UP, SIG D0)            \
    X(STEM##_HALF_EVEN, SIG D)           \
    X(STEM##_HALF_DOWN, SIG D)           \
    X(STEM##_HALF_CEILING, SIG D)        \
    X(STEM##_DOWN, SIG D)                \
    X(STEM##_UP, SIG D)                  \
    X(STEM##_FLOOR, SIG D)               \
    X(STEM##_CEILING, SIG D)

#define FAST_LIN(X, STEM, SIG)           \
    X(STEM##_SUM, SIG)                   \
    X(STEM##_MIN, SIG "k")               \
    X(STEM##_MAX, SIG "k")               \
    FAST_MODES(X, STEM, SIG, "D", "E")

#define FAST_TIER(X, MODE, D)                      \
    X(TIER_##MODE, "drn(rkk" D ")k" D)             \
    X(TIERS_##MODE, "drn(drkk" D ")dk" D)

#define FAST_OPS(X)                      \
    X(IN64, "dc")                        \
    X(IN32, "dc")                        \
    X(OUT, "ro")                         \
    X(SKIP, "ro")                        \
    X(FAIL, "r")                         \
    X(END, "")                           \
    FAST_LIN(X, LIN1, "dkrk")            \
    FAST_LIN(X, LIN2, "dkrkrk")          \
    FAST_LIN(X, LIN3, "dkrkrkrk")        \
    FAST_LIN(X, LIN4, "dkrkrkrkrk")      \
    FAST_LIN(X, LINN, "dkn(rk)")         \
    FAST_TIER(X, HALF_UP, "D")           \
    FAST_TIER(X, HALF_EVEN, "E")         \
    FAST_TIER(X, HALF_DOWN, "E")         \
    FAST_TIER(X, HALF_CEILING, "E")      \
    FAST_TIER(X, DOWN, "E")              \
    FAST_TIER(X, UP, "E")                \
    FAST_TIER(X, FLOOR, "E")             \
    FAST_TIER(X, CEILING, "E")           \
    X(TSUM_SUM, "drkkn(rkk)")            \
    FAST_MODES(X, TSUM, "drkkn(rkk)", "D", "E") \
    X(MIN, "drr")                        \
    X(MAX, "drr")                        \
    X(LT, "drr")                         \
    X(LE, "drr")                         \
    X(EQ, "drr")                         \
    X(SELECT, "drrr")                    \
    X(SEL_LT, "drrrr")                   \
    X(SEL_LE, "drrrr")                   \
    X(SEL_EQ, "drrrr")                   \
    X(MUL, "drr")                        \
    FAST_MODES(X, DIV, "drr", "", "")

enum fast_opcode {
#define FAST_NUMBER(name, signature) FAST_##name,
    FAST_OPS(FAST_NUMBER)
#undef FAST_NUMBER
    FAST_OPCODES,
};
