"""SHA-256 of a column is that of each of its texts, whatever their lengths beside each other."""

import hashlib
import random

import numpy as np
import pyarrow as pa
import pytest

from billcore.core.hashes import sha256_joined
from billcore.ext import sha256

BORDERS = [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 183, 184, 1000]


def hashed(texts):
    return [hashlib.sha256(text).digest() for text in texts]


NO_NUMBERS = np.zeros((1_000, 0), dtype=np.int64)


def told(column):
    return [row.tobytes() for row in sha256_joined(NO_NUMBERS[: len(column)], [column])]


def test_the_published_examples():
    """FIPS 180-4: a block, two blocks, nothing."""
    texts = [b"abc", b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", b""]
    assert [found.hex()[:16] for found in told(pa.array(texts, pa.binary()))] == [
        "ba7816bf8f01cfea",
        "248d6a61d20638b8",
        "e3b0c44298fc1c14",
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 15, 16, 17, 31, 32, 33, 250])
def test_every_text_is_hashed_as_alone(count):
    """Groups are full or not; lengths stand at the borders of blocks, mixed."""
    draw = random.Random(count)
    texts = [draw.randbytes(draw.choice([*BORDERS, draw.randint(0, 700)])) for _ in range(count)]
    assert told(pa.array(texts, pa.binary())) == hashed(texts)


@pytest.mark.parametrize("size", BORDERS)
def test_texts_of_one_length(size):
    texts = [random.Random(n).randbytes(size) for n in range(20)]
    assert told(pa.array(texts, pa.binary())) == hashed(texts)


def test_a_slice_has_the_hashes_of_its_texts():
    texts = [bytes([n]) * n for n in range(60)]
    assert told(pa.array(texts, pa.binary())[7:44]) == hashed(texts[7:44])
    assert told(pa.array(texts, pa.binary())[5:5]) == []


@pytest.mark.parametrize(
    ("ends", "rows"),
    [([0, 5, 4], 2), ([0, 11], 1), ([-1, 4], 1), ([0, 4], 2), ([], 0)],
    ids=["falling", "beyond the data", "before the data", "too many hashes", "no ends"],
)
def test_ends_that_do_not_fit_are_refused(ends, rows):
    hashes = np.zeros((rows, sha256.BYTES), dtype=np.uint8)
    heads = np.zeros((rows, 0), dtype=np.uint8)
    column = np.array(ends, dtype=np.int32), np.zeros(10, dtype=np.uint8)
    with pytest.raises(ValueError, match="ends"):
        sha256.joined(heads, [column], hashes)
    assert not hashes.any()


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 33, 100])
@pytest.mark.parametrize("columns", range(4))
def test_numbers_and_texts_of_several_columns_are_hashed_as_one_text(count, columns):
    draw = random.Random(count * 10 + columns)
    heads = np.array([[draw.randrange(-(2**63), 2**63) for _ in range(5)] for _ in range(count)])
    heads = heads.astype("<i8").reshape(count, 5)
    given = [
        [draw.randbytes(draw.choice([0, 0, *BORDERS])) for _ in range(count + 3)]
        for _ in range(columns)
    ]
    slices = [pa.array(texts, pa.binary())[2 : count + 2] for texts in given]
    told = [row.tobytes() for row in sha256_joined(heads, slices)]
    texts = [
        head.tobytes() + b"".join(column[at + 2] for column in given)
        for at, head in enumerate(heads)
    ]
    assert told == hashed(texts)


def test_columns_of_other_lengths_are_not_joined():
    heads = np.zeros((2, 3), dtype=np.int64)
    with pytest.raises(ValueError, match="one row of 32 bytes"):
        sha256_joined(heads, [pa.array([b"one"], pa.binary())])
    with pytest.raises(ValueError, match="one row of 32 bytes"):
        sha256_joined(heads, [pa.array([b"a", b"b"], pa.binary())] * 9)
