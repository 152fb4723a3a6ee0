"""The native kernels; everything else is in pyproject.toml.

Goals: one plain build on any x86-64 or other 64-bit machine; the kernels choose their instruction
set at run time. Non-goals: -march and -ffast-math, which would make the bytes of a bill depend on
the machine that built it.
"""

from glob import glob

from setuptools import Extension, setup

C_FLAGS = ["-O3", "-fno-trapping-math", "-fno-math-errno", "-ffp-contract=off"]

# cython_c_in_temp keeps Cython's own output out of ext/, so every .c there is ours.
RATING = Extension(
    "billcore.ext.rating",
    ["ext/rating.pyx", *sorted(glob("ext/rating_*.c"))],
    depends=sorted(glob("ext/rating*.h") + glob("ext/*.pxd")),
    include_dirs=["ext"],
    extra_compile_args=C_FLAGS,
)
# Hidden symbols: SQLite loads this file as its extension, into one name space for all of them.
SQLITE_COLUMNS = Extension(
    "billcore.ext.sqlite_columns",
    ["ext/sqlite_columns.pyx", *sorted(glob("ext/sqlite_columns_*.c"))],
    depends=sorted(glob("ext/sqlite_columns*.h")),
    include_dirs=["ext"],
    extra_compile_args=[*C_FLAGS, "-fvisibility=hidden"],
)
COPY_BINARY = Extension(
    "billcore.ext.copy_binary", ["ext/copy_binary.pyx"], extra_compile_args=C_FLAGS
)
HASHED_IDS = Extension(
    "billcore.ext.hashed_ids", ["ext/hashed_ids.pyx"], extra_compile_args=C_FLAGS
)
CHECK_DIGITS = Extension(
    "billcore.ext.check_digits", ["ext/check_digits.pyx"], extra_compile_args=C_FLAGS
)
ALLOCATION = Extension(
    "billcore.ext.allocation", ["ext/allocation.pyx"], extra_compile_args=C_FLAGS
)
SORTED_SEARCH = Extension(
    "billcore.ext.sorted_search", ["ext/sorted_search.pyx"], extra_compile_args=C_FLAGS
)
# The instruction sets of its loop are chosen at run time.
SHA256 = Extension(
    "billcore.ext.sha256",
    ["ext/sha256.pyx", "ext/sha256_lanes.c"],
    depends=["ext/sha256_lanes.h"],
    include_dirs=["ext"],
    extra_compile_args=C_FLAGS,
)

setup(
    ext_modules=[
        RATING,
        SQLITE_COLUMNS,
        COPY_BINARY,
        SHA256,
        HASHED_IDS,
        CHECK_DIGITS,
        ALLOCATION,
        SORTED_SEARCH,
    ],
    options={
        # Strict: a real tree of links, which type checkers can follow.
        "editable_wheel": {"mode": "strict"},
        "build_ext": {
            "cython_include_dirs": "ext",
            "cython_c_in_temp": True,
            "cython_directives": {"language_level": 3},
            "parallel": True,
        },
    },
)
