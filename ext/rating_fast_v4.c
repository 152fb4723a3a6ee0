/* The fast executor at dispatch level 4: x86-64 with AVX-512. */
#include "rating_fast.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma,prefer-vector-width=512")
#include "rating_vec_v4.inc.h"
#define LEVEL(x) x##_v4
#define LEVEL_NUMBER 4
#include "rating_fast.inc.h"

const fast_level *fast_level_v4(void)
{
    return &level_v4;
}
#else
const fast_level *fast_level_v4(void)
{
    return NULL;
}
#endif
