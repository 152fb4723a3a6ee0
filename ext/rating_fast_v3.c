/* The fast executor at dispatch level 3: x86-64 with AVX2 and FMA. */
#include "rating_fast.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#pragma GCC target("avx2,fma")
#include "rating_vec_v3.inc.h"
#define LEVEL(x) x##_v3
#define LEVEL_NUMBER 3
#include "rating_fast.inc.h"

const fast_level *fast_level_v3(void)
{
    return &level_v3;
}
#else
const fast_level *fast_level_v3(void)
{
    return NULL;
}
#endif
