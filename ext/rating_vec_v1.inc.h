/* Vectors of dispatch level 1, any processor: 2 doubles in the compiler's own vector
 * types, no FMA (a product is exact before it is added, for it is below 2^53). */

#ifndef VN
#define VN 4
#endif
enum { VLANES = 2 };
#define VHAS_FMA 0

typedef double vd __attribute__((vector_size(16)));
typedef int64_t vi __attribute__((vector_size(16)));
typedef vi vm; /* all bits of a lane */

static inline vd vset(double k) { return (vd){k, k}; }
static inline vd vadd(vd a, vd b) { return a + b; }
static inline vd vsub(vd a, vd b) { return a - b; }
static inline vd vmul(vd a, vd b) { return a * b; }
static inline vd vdiv(vd a, vd b) { return a / b; }
static inline vd vchoose(vm m, vd then, vd other) { return (vd)((m & (vi)then) | (~m & (vi)other)); }
static inline vd vmin(vd a, vd b) { return vchoose(a < b, a, b); }
static inline vd vmax(vd a, vd b) { return vchoose(a > b, a, b); }
static inline vd vfma(vd a, vd b, vd c) { return a * b + c; }
static inline vd vfnma(vd a, vd b, vd c) { return c - a * b; }
static inline vd vinteger(vd a) { return (a + vset(MAGIC)) - vset(MAGIC); }
static inline vd vround(vd n, vd r) { return vinteger(n * r); }

static inline vm vnone(void) { return (vm){0, 0}; }
static inline vm vlt(vd a, vd b) { return a < b; }
static inline vm vle(vd a, vd b) { return a <= b; }
static inline vm veq(vd a, vd b) { return a == b; }
static inline vm vne(vd a, vd b) { return a != b; }
static inline vm vand(vm a, vm b) { return a & b; }
static inline vm vor(vm a, vm b) { return a | b; }
static inline uint32_t vbits(vm a) { return (uint32_t)((a[0] & 1) | (a[1] & 2)); }
static inline vm vodd(vd q) { return -((vi)(q + vset(MAGIC)) & 1); }

/* w: lo, hi as double, lo, hi as integer. Conversion rounds, but monotonely. */
static inline vd vlimited(vd a, const fast_word *w, vm *outside)
{
    *outside |= (a < vset(w[0].d)) | (a > vset(w[1].d));
    return a;
}
static inline vd vload_int64_t(const int64_t *p, const fast_word *w, vm *outside)
{
    return vlimited((vd){(double)p[0], (double)p[1]}, w, outside);
}
static inline vd vload_int32_t(const int32_t *p, const fast_word *w, vm *outside)
{
    return vlimited((vd){(double)p[0], (double)p[1]}, w, outside);
}
static inline void vstore_int64(int64_t *p, vd a)
{
    vi v = (vi)(a + vset(MAGIC)) - (vi)vset(MAGIC);
    memcpy(p, &v, sizeof v);
}

static inline vi vi_zero(void) { return (vi){0, 0}; }
static inline vi vi_add_int64(vi a, const int64_t *p)
{
    return a + (vi){p[0], p[1]};
}
static inline vi vi_add_int32(vi a, const int32_t *p)
{
    return a + (vi){p[0], p[1]};
}
static inline void vi_store(int64_t *p, vi a) { memcpy(p, &a, sizeof a); }
