/* The fast executor at dispatch level 1: any processor. */
#include "rating_fast.h"

#include <string.h>

#include "rating_vec_v1.inc.h"
#define LEVEL(x) x##_v1
#define LEVEL_NUMBER 1
#include "rating_fast.inc.h"

const fast_level *fast_level_v1(void)
{
    return &level_v1;
}
