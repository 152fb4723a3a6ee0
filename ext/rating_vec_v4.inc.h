/* Vectors of dispatch level 4: AVX-512 F, DQ, VL, BW; 8 doubles. */
#include <immintrin.h>

#ifndef VN
#define VN 8
#endif
enum { VLANES = 8 };
#define VHAS_FMA 1

typedef __m512d vd;
typedef __m512i vi;
typedef __mmask8 vm;

static inline vd vset(double k) { return _mm512_set1_pd(k); }
static inline vd vadd(vd a, vd b) { return _mm512_add_pd(a, b); }
static inline vd vsub(vd a, vd b) { return _mm512_sub_pd(a, b); }
static inline vd vmul(vd a, vd b) { return _mm512_mul_pd(a, b); }
static inline vd vdiv(vd a, vd b) { return _mm512_div_pd(a, b); }
static inline vd vmin(vd a, vd b) { return _mm512_min_pd(a, b); }
static inline vd vmax(vd a, vd b) { return _mm512_max_pd(a, b); }
static inline vd vfma(vd a, vd b, vd c) { return _mm512_fmadd_pd(a, b, c); }
static inline vd vfnma(vd a, vd b, vd c) { return _mm512_fnmadd_pd(a, b, c); }
static inline vd vinteger(vd a) { return vsub(vadd(a, vset(MAGIC)), vset(MAGIC)); }

static inline vm vall(void) { return 0xFF; }
static inline vm vlt(vd a, vd b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
static inline vm vle(vd a, vd b) { return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ); }
static inline vm veq(vd a, vd b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
static inline vm vand(vm a, vm b) { return a & b; }
static inline vm vor(vm a, vm b) { return a | b; }
static inline uint32_t vbits(vm a) { return a; }
static inline vd vchoose(vm m, vd then, vd other) { return _mm512_mask_blend_pd(m, other, then); }
static inline vm vodd(vd q)
{
    return _mm512_test_epi64_mask(_mm512_castpd_si512(vadd(q, vset(MAGIC))), _mm512_set1_epi64(1));
}

/* Conversion rounds beyond 2^53, but monotonely, so the limits still tell. */
static inline vd vload_int64(const int64_t *p) { return _mm512_cvtepi64_pd(_mm512_loadu_si512(p)); }
static inline vd vload_int32(const int32_t *p)
{
    return _mm512_cvtepi32_pd(_mm256_loadu_si256((const void *)p));
}
static inline vm vinside(vm m, const vd *a, vd lo, vd hi)
{
    vd least = a[0], most = a[0];
    for (int j = 1; j < VN; j++)
        least = vmin(least, a[j]), most = vmax(most, a[j]);
    m = _mm512_mask_cmp_pd_mask(m, least, lo, _CMP_GE_OQ);
    return _mm512_mask_cmp_pd_mask(m, most, hi, _CMP_LE_OQ);
}
static inline void vstore_int64(int64_t *p, vd a, const int raised)
{
    const __m512i bias = _mm512_castpd_si512(vset(MAGIC));
    __m512i v = raised ? _mm512_sub_epi64(_mm512_castpd_si512(a), bias) : _mm512_cvtpd_epi64(a);
    _mm512_storeu_si512(p, v);
}

static inline vi vi_zero(void) { return _mm512_setzero_si512(); }
static inline vi vi_add_int64(vi a, const int64_t *p)
{
    return _mm512_add_epi64(a, _mm512_loadu_si512(p));
}
static inline vi vi_add_int32(vi a, const int32_t *p)
{
    return _mm512_add_epi64(a, _mm512_cvtepi32_epi64(_mm256_loadu_si256((const void *)p)));
}
static inline void vi_store(int64_t *p, vi a) { _mm512_storeu_si512(p, a); }
