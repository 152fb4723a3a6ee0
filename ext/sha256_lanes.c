/* SHA-256 (FIPS 180-4) of many texts at once: LANES of them side by side in vectors.
 *
 * Goals: a month of short texts in a fraction of the time of one after the other. Non-goals: one
 * long text, secrets. The texts of a group end at different blocks: a lane whose text has ended goes
 * on with blocks of nothing and keeps its state. */

#include <string.h>

#include "sha256_lanes.h"

enum { LANES = 16, BLOCK = 64, WORDS = 16, ROUNDS = 64, STATE = 8 };

typedef uint32_t vec __attribute__((vector_size(4 * LANES)));

/* The instruction set is chosen at run time; gcc makes a function of each. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

static const uint32_t FIRST[STATE] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint32_t K[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

#define ROTATED(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define BIG_0(x) (ROTATED(x, 2) ^ ROTATED(x, 13) ^ ROTATED(x, 22))
#define BIG_1(x) (ROTATED(x, 6) ^ ROTATED(x, 11) ^ ROTATED(x, 25))
#define SMALL_0(x) (ROTATED(x, 7) ^ ROTATED(x, 18) ^ (x) >> 3)
#define SMALL_1(x) (ROTATED(x, 17) ^ ROTATED(x, 19) ^ (x) >> 10)

/* By lane. words: of a block; going: all ones in the lanes whose text has this block, else 0. */
typedef struct {
    uint32_t words[WORDS][LANES], going[LANES];
} blocks;

/* One block of each lane. next (IN), state (IN, OUT). */
CLONES void sha256_block(vec *restrict state, const blocks *restrict next)
{
    vec w[WORDS], going;
    memcpy(w, next->words, sizeof w);
    memcpy(&going, next->going, sizeof going);
    vec a = state[0], b = state[1], c = state[2], d = state[3];
    vec e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < ROUNDS; t++) {
        int at = t % WORDS;
        if (t >= WORDS) {
            vec before_15 = w[(t + 1) % WORDS], before_2 = w[(t + 14) % WORDS];
            w[at] += SMALL_0(before_15) + w[(t + 9) % WORDS] + SMALL_1(before_2);
        }
        vec one = h + BIG_1(e) + ((e & f) ^ (~e & g)) + K[t] + w[at];
        vec two = BIG_0(a) + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + one;
        d = c, c = b, b = a, a = one + two;
    }
    const vec after[STATE] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < STATE; i++) state[i] += after[i] & going;
}

static inline uint32_t from_big(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline void to_big(uint8_t *at, uint32_t value)
{
    at[0] = value >> 24, at[1] = value >> 16, at[2] = value >> 8, at[3] = value;
}

/* A text: its whole blocks, then one or two with its rest, a bit and its length. */
typedef struct {
    const uint8_t *text;
    int64_t whole, blocks;
    uint8_t tail[2 * BLOCK];
} padded;

static void pad(padded *one, const uint8_t *text, int64_t size)
{
    int64_t whole = size / BLOCK, rest = size % BLOCK;
    int64_t tails = rest + 1 + 8 <= BLOCK ? 1 : 2;
    one->text = text, one->whole = whole, one->blocks = whole + tails;
    memset(one->tail, 0, sizeof one->tail);
    if (rest) memcpy(one->tail, text + whole * BLOCK, rest);
    one->tail[rest] = 0x80;
    uint64_t bits = (uint64_t)size * 8;
    to_big(one->tail + tails * BLOCK - 8, (uint32_t)(bits >> 32));
    to_big(one->tail + tails * BLOCK - 4, (uint32_t)bits);
}

/* `lanes` texts, LANES at most; blocks of lanes beyond are never going. */
static void hash_group(const padded *group, int lanes, uint8_t *hashes)
{
    vec state[STATE];
    blocks next;
    for (int i = 0; i < STATE; i++)
        for (int lane = 0; lane < LANES; lane++) state[i][lane] = FIRST[i];
    int64_t most = 0;
    for (int lane = 0; lane < lanes; lane++)
        if (group[lane].blocks > most) most = group[lane].blocks;
    memset(&next, 0, sizeof next);
    for (int64_t block = 0; block < most; block++) {
        for (int lane = 0; lane < lanes; lane++) {
            const padded *one = &group[lane];
            next.going[lane] = block < one->blocks ? UINT32_MAX : 0;
            if (!next.going[lane]) continue;
            const uint8_t *at = block < one->whole ? one->text + block * BLOCK
                                                   : one->tail + (block - one->whole) * BLOCK;
            for (int i = 0; i < WORDS; i++) next.words[i][lane] = from_big(at + 4 * i);
        }
        sha256_block(state, &next);
    }
    for (int lane = 0; lane < lanes; lane++)
        for (int i = 0; i < STATE; i++)
            to_big(hashes + lane * SHA256_BYTES + 4 * i, state[i][lane]);
}

void sha256_texts(const uint8_t *data, const int32_t *ends, int64_t texts, uint8_t *hashes)
{
    padded group[LANES];
    for (int64_t first = 0; first < texts; first += LANES) {
        int lanes = texts - first < LANES ? (int)(texts - first) : LANES;
        for (int lane = 0; lane < lanes; lane++) {
            int64_t text = first + lane;
            pad(&group[lane], data + ends[text], (int64_t)ends[text + 1] - ends[text]);
        }
        hash_group(group, lanes, hashes + first * SHA256_BYTES);
    }
}
