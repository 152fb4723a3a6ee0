/* Vectors of dispatch level 1, any processor: 2 doubles in the compiler's own vector
 * types, no FMA (a product is exact before it is added, for it is below 2^53). */

#ifndef VN
#define VN 4
#endif
enum { VLANES = 2 };
#define VHAS_FMA 0

typedef double vd __attribute__((vector_size(16)));
typedef int64_t vi __attribute__((vector_size(16)));
typedef uint64_t vu __attribute__((vector_size(16)));
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

static inline vd vmagnitude(vd a) { return (vd)((vi)a & INT64_MAX); }
static inline vd vsigned(vd magnitude, vd of) { return (vd)((vi)magnitude | ((vi)of & INT64_MIN)); }
static inline vd vfloor(vd a) /* of 0 <= a < 2^51 */
{
    vd near = vinteger(a);
    return near - (vd)((vi)vset(1.0) & (near > a));
}

static inline vm vall(void) { return (vm){-1, -1}; }
static inline vm vlt(vd a, vd b) { return a < b; }
static inline vm vle(vd a, vd b) { return a <= b; }
static inline vm veq(vd a, vd b) { return a == b; }
static inline vm vand(vm a, vm b) { return a & b; }
static inline vm vor(vm a, vm b) { return a | b; }
static inline uint32_t vbits(vm a) { return (uint32_t)((a[0] & 1) | (a[1] & 2)); }
static inline vm vodd(vd q) { return -((vi)(q + vset(MAGIC)) & 1); }

/* Conversion rounds beyond 2^53, but monotonely, so the limits still tell. */
static inline vd vload_int64(const int64_t *p) { return (vd){(double)p[0], (double)p[1]}; }
static inline vd vload_int32(const int32_t *p) { return (vd){(double)p[0], (double)p[1]}; }
static inline vm vinside(vm m, const vd *a, vd lo, vd hi)
{
    for (int j = 0; j < VN; j++)
        m &= (a[j] >= lo) & (a[j] <= hi);
    return m;
}
static inline void vstore_int64(int64_t *p, vd a, const int raised)
{
    (void)raised; /* BIAS is 0 here */
    vu v = (vu)(a + vset(MAGIC)) - (vu)vset(MAGIC); /* flagged rows may wrap */
    memcpy(p, &v, sizeof v);
}

static inline vi vi_zero(void) { return (vi){0, 0}; }
static inline vi vi_add_int64(vi a, const int64_t *p) { return (vi)((vu)a + (vu)(vi){p[0], p[1]}); }
static inline vi vi_add_int32(vi a, const int32_t *p) { return (vi)((vu)a + (vu)(vi){p[0], p[1]}); }
static inline void vi_store(int64_t *p, vi a) { memcpy(p, &a, sizeof a); }
