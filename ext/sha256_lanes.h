/* SHA-256 (FIPS 180-4) of many texts at once. */
#ifndef SHA256_LANES_H
#define SHA256_LANES_H

#include <stdint.h>

enum { SHA256_BYTES = 32 };

/* hashes (OUT): of each text, its SHA256_BYTES. Text i is data[ends[i]] to data[ends[i + 1]]. */
void sha256_texts(const uint8_t *data, const int32_t *ends, int64_t texts, uint8_t *hashes);

#endif
