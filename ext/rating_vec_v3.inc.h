/* Vectors of dispatch level 3: AVX2 and FMA; 4 doubles. */
#include <immintrin.h>

#ifndef VN
#define VN 8
#endif
enum { VLANES = 4 };
#define VHAS_FMA 1

typedef __m256d vd;
typedef __m256i vi;
typedef __m256d vm; /* all bits of a lane */

static inline vd vset(double k) { return _mm256_set1_pd(k); }
static inline vd vadd(vd a, vd b) { return _mm256_add_pd(a, b); }
static inline vd vsub(vd a, vd b) { return _mm256_sub_pd(a, b); }
static inline vd vmul(vd a, vd b) { return _mm256_mul_pd(a, b); }
static inline vd vdiv(vd a, vd b) { return _mm256_div_pd(a, b); }
static inline vd vmin(vd a, vd b) { return _mm256_min_pd(a, b); }
static inline vd vmax(vd a, vd b) { return _mm256_max_pd(a, b); }
static inline vd vfma(vd a, vd b, vd c) { return _mm256_fmadd_pd(a, b, c); }
static inline vd vfnma(vd a, vd b, vd c) { return _mm256_fnmadd_pd(a, b, c); }
static inline vd vinteger(vd a) { return vsub(vadd(a, vset(MAGIC)), vset(MAGIC)); }

static inline vm vall(void) { return _mm256_castsi256_pd(_mm256_set1_epi64x(-1)); }
static inline vm vlt(vd a, vd b) { return _mm256_cmp_pd(a, b, _CMP_LT_OQ); }
static inline vm vle(vd a, vd b) { return _mm256_cmp_pd(a, b, _CMP_LE_OQ); }
static inline vm veq(vd a, vd b) { return _mm256_cmp_pd(a, b, _CMP_EQ_OQ); }
static inline vm vand(vm a, vm b) { return _mm256_and_pd(a, b); }
static inline vm vor(vm a, vm b) { return _mm256_or_pd(a, b); }
static inline uint32_t vbits(vm a) { return (uint32_t)_mm256_movemask_pd(a); }
static inline vd vchoose(vm m, vd then, vd other) { return _mm256_blendv_pd(other, then, m); }
static inline vm vodd(vd q) /* in the sign, the bit that vchoose looks at */
{
    __m256i bits = _mm256_castpd_si256(vadd(q, vset(MAGIC)));
    return _mm256_castsi256_pd(_mm256_slli_epi64(bits, 63));
}

/* There is no int64 to double: for |a| < 2^51 the bits of MAGIC + a are those of MAGIC
 * plus a. Beyond, they are those of a double beyond the limits, or of a NaN. */
static inline vd vload_int64(const int64_t *p)
{
    __m256i a = _mm256_loadu_si256((const void *)p);
    a = _mm256_add_epi64(a, _mm256_castpd_si256(vset(MAGIC)));
    return vsub(_mm256_castsi256_pd(a), vset(MAGIC));
}
static inline vd vload_int32(const int32_t *p)
{
    return _mm256_cvtepi32_pd(_mm_loadu_si128((const void *)p));
}
static inline vm vinside(vm m, const vd *a, vd lo, vd hi) /* a NaN is outside */
{
    for (int j = 0; j < VN; j++) {
        vm above = _mm256_cmp_pd(a[j], lo, _CMP_GE_OQ), below = _mm256_cmp_pd(a[j], hi, _CMP_LE_OQ);
        m = vand(m, vand(above, below));
    }
    return m;
}
static inline void vstore_int64(int64_t *p, vd a, const int raised)
{
    __m256i bits = _mm256_castpd_si256(raised ? a : vadd(a, vset(MAGIC)));
    _mm256_storeu_si256((void *)p, _mm256_sub_epi64(bits, _mm256_castpd_si256(vset(MAGIC))));
}

static inline vi vi_zero(void) { return _mm256_setzero_si256(); }
static inline vi vi_add_int64(vi a, const int64_t *p)
{
    return _mm256_add_epi64(a, _mm256_loadu_si256((const void *)p));
}
static inline vi vi_add_int32(vi a, const int32_t *p)
{
    return _mm256_add_epi64(a, _mm256_cvtepi32_epi64(_mm_loadu_si128((const void *)p)));
}
static inline void vi_store(int64_t *p, vi a) { _mm256_storeu_si256((void *)p, a); }
