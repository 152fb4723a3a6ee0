# cython: language_level=3
"""The rating kernel's Python face: programs in, columns in, columns out.

Goals: nothing reaches the C files that was not checked here (operands, codes, modes,
constants, lengths, types); the loops run without the GIL, on disjoint row ranges from
as many threads as the caller likes. Non-goals: proving bounds (the compiler and
`lowering` do), threads, names of columns.
"""

from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer,
)
from libc.stdint cimport INT32_MAX, INT64_MAX, INT64_MIN, int32_t, int64_t, uint8_t, uint64_t
from libc.stdlib cimport calloc, free

cdef extern from "rating.h" nogil:
    enum: WIDE_CODES, RATING_MODES
    enum: RATING_OK, RATING_OUT_OF_RANGE, RATING_OVERFLOW, RATING_UNKNOWN_PLAN
    enum: PATH_AUTO, PATH_WIDE, PATH_FAST
    enum: WIDE_INPUT, WIDE_CONST, WIDE_ADD, WIDE_SUB, WIDE_MUL, WIDE_MULK, WIDE_ADDK
    enum: WIDE_MIN, WIDE_MAX, WIDE_LT, WIDE_LE, WIDE_EQ, WIDE_SELECT, WIDE_DIVK, WIDE_DIV
    enum: WIDE_FAIL, WIDE_POWER_FACTOR
    enum: MODE_HALF_UP, MODE_HALF_EVEN, MODE_HALF_DOWN, MODE_HALF_CEILING
    enum: MODE_DOWN, MODE_UP, MODE_FLOOR, MODE_CEILING

    ctypedef struct limits:
        int64_t lo, hi

    ctypedef union fast_word:
        double d
        int64_t i

    ctypedef struct fast_site:
        int32_t at, column
        int64_t raised

    ctypedef struct fast_code:
        fast_word *words
        fast_site *sites
        double *constants
        int32_t *registers_at
        limits *limits
        int32_t n_registers, may_fail

    ctypedef struct rating_program:
        limits *declared
        limits *narrow
        int32_t *outputs
        fast_code *fast
        int32_t n_inputs, n_ops, n_outputs

    ctypedef struct in_column:
        const void *data
        int32_t is_int32

    ctypedef struct rating_columns:
        const in_column *columns_in "in"
        int64_t **out
        uint8_t *status

    rating_program *program_new(int32_t n_inputs, int32_t n_ops, int32_t n_outputs)
    void program_free(rating_program *program)
    void program_set_op(rating_program *program, int32_t i, const int32_t *head, int64_t k_high,
                        uint64_t k_low)
    int program_finish(rating_program *program, int has_narrow)
    fast_code *program_add_fast(rating_program *program, int32_t n_words, int32_t n_sites,
                                int32_t n_registers_at, int32_t n_constants)
    double reciprocal_above(int64_t divisor)

    ctypedef struct rating_plan:
        const rating_program *program
        const int32_t *in_map
        const int32_t *out_map
        const uint8_t *shows

    ctypedef struct rating_plans:
        const rating_plan *plans
        int32_t n_plans, n_inputs, n_outputs

    int rating_run_mixed(const rating_plans *plans, const int32_t *plan_ids,
                         const rating_columns *common, int64_t start, int64_t stop, int level,
                         int path)
    int rating_level_exists(int level)
    void rating_memory_only(const rating_columns *columns, int n_in, int n_out, int64_t start,
                            int64_t stop, int level)
    int rating_run(const rating_program *program, const rating_columns *columns, int64_t start,
                   int64_t stop, int level, int path)

cdef extern from *:
    """
    #include "rating_fast_ops.inc.h"
    #define FAST_NAME(name, signature, op, what) #name,
    #define FAST_SIGNATURE(name, signature, op, what) signature,
    static const char *const fast_names[] = {FAST_OPS(FAST_NAME)};
    static const char *const fast_signatures[] = {FAST_OPS(FAST_SIGNATURE)};
    """
    enum: FAST_OPCODES
    const char *fast_names[]
    const char *fast_signatures[]

AUTO = PATH_AUTO
WIDE = PATH_WIDE
FAST = PATH_FAST

STATUSES = {
    "OK": RATING_OK, "OUT_OF_RANGE": RATING_OUT_OF_RANGE, "OVERFLOW": RATING_OVERFLOW,
    "UNKNOWN_PLAN": RATING_UNKNOWN_PLAN,
}
CODES = {
    "INPUT": WIDE_INPUT, "CONST": WIDE_CONST, "ADD": WIDE_ADD, "SUB": WIDE_SUB,
    "MUL": WIDE_MUL, "MULK": WIDE_MULK, "ADDK": WIDE_ADDK, "MIN": WIDE_MIN, "MAX": WIDE_MAX,
    "LT": WIDE_LT, "LE": WIDE_LE, "EQ": WIDE_EQ, "SELECT": WIDE_SELECT, "DIVK": WIDE_DIVK,
    "DIV": WIDE_DIV, "FAIL": WIDE_FAIL, "POWER_FACTOR": WIDE_POWER_FACTOR,
}

MODES = {
    "HALF_UP": MODE_HALF_UP, "HALF_EVEN": MODE_HALF_EVEN, "HALF_DOWN": MODE_HALF_DOWN,
    "HALF_CEILING": MODE_HALF_CEILING, "DOWN": MODE_DOWN, "UP": MODE_UP, "FLOOR": MODE_FLOOR,
    "CEILING": MODE_CEILING,
}

OPS_MAX = 1 << 20
COLUMNS_MAX = 1 << 12
_WIDE_LIMIT = 1 << 126

_OPERANDS = {
    WIDE_INPUT: 0, WIDE_CONST: 0, WIDE_MULK: 1, WIDE_ADDK: 1, WIDE_DIVK: 1, WIDE_FAIL: 1,
    WIDE_SELECT: 3,
}


FAST_SIGNATURES = {fast_names[i].decode(): fast_signatures[i].decode() for i in range(FAST_OPCODES)}
_FAST_OPCODES = {name: i for i, name in enumerate(FAST_SIGNATURES)}
_FAST_INTERNAL = ("IN32", "SKIP")  # chosen when a call's columns are known

FAST_REGISTERS_MAX = 1 << 10
FAST_WORDS_MAX = 1 << 20
_EXACT = 1 << 53  # doubles hold integers exactly up to here
_FAST_LIMIT = 1 << 51
_MAGIC = 3 << 51  # what a raised register has more, see rating_fast_ops.inc.h

_LEVELS = tuple(level for level in (4, 3, 1) if rating_level_exists(level))


def levels():
    """The dispatch levels that this processor and build can run, best first.

    4: AVX-512 F, DQ, VL, BW; 3: AVX2 and FMA; 1: any processor.
    """
    return _LEVELS


def level():
    """The dispatch level that is used unless another is asked for."""
    return _LEVELS[0]


cdef tuple _checked_limits(object pair, str what):
    lo, hi = pair
    if not INT64_MIN <= lo <= hi <= INT64_MAX:
        raise ValueError(f"{what}: limits {lo}..{hi} are not an interval of 64-bit integers")
    return lo, hi


cdef object _constant_range(int code, int n_inputs):
    """The k that a code takes, as (lowest, highest), or None where k means nothing."""
    if code == WIDE_INPUT:
        return 0, n_inputs - 1
    if code == WIDE_DIVK:
        return 1, _WIDE_LIMIT - 1
    if code == WIDE_FAIL:
        return 1, 255
    if code == WIDE_POWER_FACTOR:
        return 1, (1 << 62) - 1
    if code in (WIDE_CONST, WIDE_MULK, WIDE_ADDK):
        return 1 - _WIDE_LIMIT, _WIDE_LIMIT - 1
    return None


cdef tuple _checked_op(int i, object op, int n_inputs):
    """(code, mode, a, b, c, k) with the meaningless operands cleared."""
    code, a, b, c, k, mode = op
    if not 0 <= code < WIDE_CODES:
        raise ValueError(f"op {i}: code {code} is unknown; known are 0..{WIDE_CODES - 1}")
    if not 0 <= mode < RATING_MODES:
        raise ValueError(f"op {i}: mode {mode} is unknown; known are 0..{RATING_MODES - 1}")
    n_operands = _OPERANDS.get(code, 2)
    operands = (a, b, c)[:n_operands]
    for register in operands:
        if not 0 <= register < i:
            raise ValueError(f"op {i}: operand {register} names no earlier register")
    span = _constant_range(code, n_inputs)
    if span is None:
        k = 0
    elif not span[0] <= k <= span[1]:
        raise ValueError(f"op {i}: constant {k} is outside {span[0]}..{span[1]}")
    a, b, c = operands + (-1,) * (3 - n_operands)
    return code, mode, a, b, c, k


FastCode = tuple  # of (ops, constants, registers), see rating.pyi


class _FastEncoder:
    """Checks fast ops by their signatures and lays out their words."""

    def __init__(self, inputs, n_outputs, constants, n_registers):
        if not 0 <= len(constants) <= n_registers <= FAST_REGISTERS_MAX:
            raise ValueError(f"{len(constants)} constants and {n_registers} registers do not fit "
                             f"{FAST_REGISTERS_MAX} registers")
        self.inputs, self.n_outputs = inputs, n_outputs
        self.n_constants, self.n_registers = len(constants), n_registers
        self.written = set(range(len(constants)))
        self.read, self.shown = set(), set()
        self.words, self.sites, self.registers_at = [], [], []
        self.limits = [None] * len(inputs)

    def op(self, i, name, args):
        if name not in _FAST_OPCODES or name in _FAST_INTERNAL:
            raise ValueError(f"fast op {i}: {name!r} is unknown")
        self.what = f"fast op {i}, {name}"
        self.args, self.at, self.defined = list(args), 0, []
        self.column, self.raised = -1, 0
        start = len(self.words)
        self.words.append(_FAST_OPCODES[name])
        self._group(FAST_SIGNATURES[name])
        if self.at != len(self.args):
            raise ValueError(f"{self.what}: {len(self.args)} arguments, it takes {self.at}")
        self.written.update(self.defined)
        self.sites.append((start, self.column, self.raised))

    def finish(self):
        if not self.sites or self.words[self.sites[-1][0]] != _FAST_OPCODES["END"]:
            raise ValueError("fast code must end with END")
        if sum(self.words[site[0]] == _FAST_OPCODES["END"] for site in self.sites) != 1:
            raise ValueError("fast code has more than one END")
        if len(self.read) != len(self.inputs) or len(self.shown) != self.n_outputs:
            raise ValueError("fast code must read every input and show every output")
        if len(self.words) > FAST_WORDS_MAX:
            raise ValueError(f"fast code is longer than {FAST_WORDS_MAX} words")

    def _group(self, signature):
        letters = iter(signature)
        for letter in letters:
            if letter != "n":
                getattr(self, "_" + letter)(self._next())
                continue
            group = signature[signature.index("(") + 1:signature.index(")")]
            count = self._next()
            if not 0 <= count <= FAST_REGISTERS_MAX:
                raise ValueError(f"{self.what}: count {count}")
            self.words.append(count)
            for _ in range(count):
                self._group(group)
            while next(letters) != ")":
                pass

    def _next(self):
        if self.at == len(self.args):
            raise ValueError(f"{self.what}: too few arguments ({self.at})")
        self.at += 1
        if not isinstance(self.args[self.at - 1], int):
            raise TypeError(f"{self.what}: argument {self.at - 1} is not an integer")
        return self.args[self.at - 1]

    def _d(self, register):
        if not self.n_constants <= register < self.n_registers or register in self.defined:
            raise ValueError(f"{self.what}: register {register} cannot be written")
        self.defined.append(register)
        self._register(register)

    def _r(self, register):
        if register not in self.written:
            raise ValueError(f"{self.what}: register {register} is read before it is written")
        self._register(register)

    def _register(self, register):
        self.registers_at.append(len(self.words))
        self.words.append(register)

    def _k(self, constant):
        if abs(constant) > _EXACT:
            raise ValueError(f"{self.what}: constant {constant} is beyond 2^53")
        self.words.append(float(constant))

    def _b(self, constant):
        self.raised = self._next()
        total = constant + self.raised * _MAGIC
        if max(abs(constant), abs(self.raised)) > _EXACT or int(float(total)) != total:
            raise ValueError(f"{self.what}: constant {constant} + {self.raised} * {_MAGIC} is not"
                             " exact")
        self.words.append(float(constant))

    def _D(self, divisor, least=1):
        if not least <= divisor < _FAST_LIMIT:
            raise ValueError(f"{self.what}: divisor {divisor} is not within {least}..2^51")
        self.words += [float(divisor), reciprocal_above(divisor)]

    def _E(self, divisor):
        self._D(divisor, 2)

    def _c(self, column):
        lo, hi = self._next(), self._next()
        if not 0 <= column < len(self.inputs) or column in self.read:
            raise ValueError(f"{self.what}: input {column} does not exist or is read already")
        declared_lo, declared_hi = self.inputs[column]
        if not max(declared_lo, 1 - _FAST_LIMIT) <= lo <= hi <= min(declared_hi, _FAST_LIMIT - 1):
            raise ValueError(f"{self.what}: limits {lo}..{hi} exceed the declared ones or 2^51")
        self.read.add(column)
        self.column = column
        self.limits[column] = lo, hi
        self.words += [0, float(lo), float(hi)]

    def _o(self, column):
        if not 0 <= column < self.n_outputs or column in self.shown:
            raise ValueError(f"{self.what}: output {column} does not exist or is shown already")
        self.shown.add(column)
        self.column = column
        self.words.append(0)


cdef class Program:
    """An immutable program: limits per input, ops, the register that each output shows.

    `narrow` are limits inside which every register fits 64 bits, or None. `fast` is
    None or (ops, constants, registers): ops are (name, integers) after FAST_SIGNATURES,
    constants fill the first registers.
    """

    cdef rating_program *c

    def __cinit__(self, inputs, ops, outputs, narrow=None, fast=None):
        inputs, ops, outputs = list(inputs), list(ops), list(outputs)
        if max(len(inputs), len(outputs)) > COLUMNS_MAX or len(ops) > OPS_MAX:
            raise ValueError(f"a program has at most {OPS_MAX} ops and {COLUMNS_MAX} columns a side")
        self.c = program_new(len(inputs), len(ops), len(outputs))
        if self.c is NULL:
            raise MemoryError
        self._set_limits(inputs, narrow)
        for i, op in enumerate(ops):
            self._set_op(i, _checked_op(i, op, len(inputs)))
        for j, register in enumerate(outputs):
            if not 0 <= register < len(ops):
                raise ValueError(f"output {j}: there is no register {register}")
            self.c.outputs[j] = register
        if program_finish(self.c, narrow is not None):
            raise MemoryError
        if fast is not None:
            self._add_fast(inputs, *fast)

    def __dealloc__(self):
        program_free(self.c)

    def _set_limits(self, inputs, narrow):
        if narrow is not None and len(narrow) != len(inputs):
            raise ValueError(f"{len(narrow)} narrow limits for {len(inputs)} inputs")
        for j, pair in enumerate(inputs):
            self.c.declared[j].lo, self.c.declared[j].hi = _checked_limits(pair, f"input {j}")
            if narrow is not None:
                lo, hi = _checked_limits(narrow[j], f"narrow limits of input {j}")
                self.c.narrow[j].lo, self.c.narrow[j].hi = lo, hi

    def _set_op(self, int i, tuple op):
        cdef int32_t head[5]
        code, mode, a, b, c, k = op
        head[0], head[1], head[2], head[3], head[4] = code, mode, a, b, c
        program_set_op(self.c, i, head, k >> 64, k & 0xFFFFFFFFFFFFFFFF)

    def _add_fast(self, inputs, ops, constants, registers):
        encoder = _FastEncoder(inputs, self.c.n_outputs, constants, registers)
        for i, (name, args) in enumerate(ops):
            encoder.op(i, name, args)
        encoder.finish()
        words, sites, at = encoder.words, encoder.sites, encoder.registers_at
        cdef fast_code *fast = program_add_fast(self.c, len(words), len(sites), len(at),
                                                len(constants))
        if fast is NULL:
            raise MemoryError
        fast.n_registers = registers
        fast.may_fail = any(name == "FAIL" for name, _ in ops)
        for i, word in enumerate(words):
            if isinstance(word, float):
                fast.words[i].d = word
            else:
                fast.words[i].i = word
        for i, site in enumerate(sites):
            fast.sites[i].at, fast.sites[i].column, fast.sites[i].raised = site
        for i, word in enumerate(at):
            fast.registers_at[i] = word
        for i, (lo, hi) in enumerate(encoder.limits):
            fast.limits[i].lo, fast.limits[i].hi = lo, hi
        for i, constant in enumerate(constants):
            if abs(constant) > _EXACT:
                raise ValueError(f"fast constant {constant} is beyond 2^53")
            fast.constants[i] = constant

    @property
    def has_fast(self):
        return self.c.fast is not NULL

    @property
    def n_inputs(self):
        return self.c.n_inputs

    @property
    def n_outputs(self):
        return self.c.n_outputs


_WANTED_TYPES = {"input": "int64 or int32", "output": "int64", "status": "uint8"}


cdef bint _has_type(Py_buffer *view, str what):
    cdef char letter = view.format[0]
    if view.format[1] != 0:
        return False
    if what == "status":
        return letter == c"B"
    is_int64 = letter in (c"l", c"q") and view.itemsize == 8
    return is_int64 or (what == "input" and letter in (c"i", c"l") and view.itemsize == 4)


cdef bint _overlap(Py_buffer *a, Py_buffer *b):
    return <char *>a.buf < <char *>b.buf + b.len and <char *>b.buf < <char *>a.buf + a.len


cdef class _Columns:
    """The buffers of one call, held while it runs."""

    cdef Py_buffer *views
    cdef int n_views, n_written
    cdef in_column *ins
    cdef int64_t **outs
    cdef uint8_t *status
    cdef int64_t n_rows

    def __cinit__(self, inputs, outputs, status):
        cdef int n_in = len(inputs), n_out = len(outputs), j
        cdef Py_buffer *view
        self.views = <Py_buffer *>calloc(n_in + n_out + 2, sizeof(Py_buffer))
        self.ins = <in_column *>calloc(n_in + 1, sizeof(in_column))
        self.outs = <int64_t **>calloc(n_out + 1, sizeof(int64_t *))
        self.n_rows = -1
        if self.views is NULL or self.ins is NULL or self.outs is NULL:
            raise MemoryError
        for j in range(n_in):
            view = self._take(inputs[j], "input", j)
            self.ins[j].data, self.ins[j].is_int32 = view.buf, view.itemsize == 4
        for j in range(n_out):
            if outputs[j] is not None:
                self.outs[j] = <int64_t *>self._take(outputs[j], "output", j).buf
        if status is not None:
            self.status = <uint8_t *>self._take(status, "status", 0).buf
        self._refuse_overlaps()

    cdef Py_buffer *_take(self, object column, str what, int j) except NULL:
        """A view of a column: "input" int64 or int32, "output" int64, "status" uint8."""
        cdef Py_buffer *view = &self.views[self.n_views]
        cdef bint is_input = what == "input"
        cdef int flags = PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (0 if is_input else PyBUF_WRITABLE)
        try:
            PyObject_GetBuffer(column, view, flags)
        except (BufferError, ValueError) as error:
            raise ValueError(f"{what} {j} must be a contiguous{'' if is_input else ' writable'}"
                             " array") from error
        self.n_views += 1
        self.n_written += not is_input
        if not _has_type(view, what):
            raise TypeError(f"{what} {j} has items of format {(<bytes>view.format).decode()!r}, "
                            f"wanted is {_WANTED_TYPES[what]}")
        if view.ndim != 1:
            raise ValueError(f"{what} {j} has {view.ndim} dimensions, wanted is 1")
        if self.n_rows < 0:
            self.n_rows = view.shape[0]
        if view.shape[0] != self.n_rows:
            raise ValueError(f"{what} {j} has {view.shape[0]} rows, the first column has"
                             f" {self.n_rows}")
        return view

    cdef _refuse_overlaps(self):
        """A written column may share no memory with any other."""
        cdef int i, j, n_in = self.n_views - self.n_written
        for i in range(n_in, self.n_views):
            for j in range(i):
                if _overlap(&self.views[i], &self.views[j]):
                    raise ValueError("an output shares memory with another column")

    def __dealloc__(self):
        for j in range(self.n_views):
            PyBuffer_Release(&self.views[j])
        free(self.views)
        free(self.ins)
        free(self.outs)

    cdef tuple rows(self, object start, object stop):
        stop = self.n_rows if stop is None else stop
        if not 0 <= start <= stop <= self.n_rows:
            raise ValueError(f"rows {start}..{stop} are not within 0..{self.n_rows}")
        return start, stop


PLANS_MAX = 1 << 20


cdef class PlanSet:
    """An immutable set of plans over common columns; a plan id is a place in it.

    Per plan: its program, the common input of each of its inputs, the common output of
    each of its outputs (-1: not shown). Common outputs that a plan does not show are 0.
    """

    cdef rating_plans c
    cdef rating_plan *plans
    cdef int32_t *maps
    cdef uint8_t *shows
    cdef readonly tuple programs

    def __cinit__(self, programs, in_maps, out_maps, int n_inputs, int n_outputs):
        cdef size_t at = 0
        cdef Program program
        self.programs = tuple(programs)
        in_maps, out_maps = list(in_maps), list(out_maps)
        if not len(self.programs) == len(in_maps) == len(out_maps) <= PLANS_MAX:
            raise ValueError(f"{len(self.programs)} programs, {len(in_maps)} input maps and"
                             f" {len(out_maps)} output maps; wanted are as many, up to {PLANS_MAX}")
        if not (0 <= n_inputs <= COLUMNS_MAX and 0 <= n_outputs <= COLUMNS_MAX):
            raise ValueError(f"there are at most {COLUMNS_MAX} common columns a side")
        size = sum(len(m) for m in in_maps) + sum(len(m) for m in out_maps)
        self.plans = <rating_plan *>calloc(len(in_maps) + 1, sizeof(rating_plan))
        self.maps = <int32_t *>calloc(size + 1, sizeof(int32_t))
        self.shows = <uint8_t *>calloc(<size_t>len(in_maps) * n_outputs + 1, 1)
        if self.plans is NULL or self.maps is NULL or self.shows is NULL:
            raise MemoryError
        for p in range(len(in_maps)):
            program = self.programs[p]
            self.plans[p].program = program.c
            self.plans[p].shows = self.shows + <size_t>p * n_outputs
            _check_map(in_maps[p], program.c.n_inputs, 0, n_inputs, f"input map of plan {p}")
            _check_map(out_maps[p], program.c.n_outputs, -1, n_outputs, f"output map of plan {p}")
            self.plans[p].in_map = self.maps + at
            for column in in_maps[p]:
                self.maps[at] = column
                at += 1
            self.plans[p].out_map = self.maps + at
            for column in out_maps[p]:
                self.maps[at] = column
                at += 1
                if column >= 0:
                    self.shows[<size_t>p * n_outputs + <size_t>column] = 1
        self.c.plans, self.c.n_plans = self.plans, len(in_maps)
        self.c.n_inputs, self.c.n_outputs = n_inputs, n_outputs

    def __dealloc__(self):
        free(self.plans)
        free(self.maps)
        free(self.shows)


cdef _check_map(columns, int length, int least, int most, str what):
    if len(columns) != length:
        raise ValueError(f"{what} has {len(columns)} entries, the program {length} columns")
    if any(not least <= column < most for column in columns):
        raise ValueError(f"{what} names a column outside {least}..{most - 1}")
    shown = [column for column in columns if column >= 0]
    if least < 0 and len(set(shown)) < len(shown):
        raise ValueError(f"{what} names a column twice")


cdef int _checked_path(object path) except -1:
    if path not in (AUTO, WIDE, FAST):
        raise ValueError(f"path {path} is unknown")
    return path


cdef int _checked_level(object level_wanted) except -1:
    if level_wanted is None:
        return level()
    if level_wanted not in levels():
        raise ValueError(f"dispatch level {level_wanted} is not among {levels()}")
    return level_wanted


def run(Program program not None, inputs, outputs, status, *, start=0, stop=None, level=None,
        path=AUTO):
    """Rate rows start..stop. OUT: `outputs` (None skips one), `status` where a row fails."""
    if len(inputs) != program.c.n_inputs or len(outputs) != program.c.n_outputs:
        raise ValueError(f"the program takes {program.c.n_inputs} inputs and {program.c.n_outputs}"
                         f" outputs, given are {len(inputs)} and {len(outputs)}")
    if path == FAST and program.c.fast is NULL:
        raise ValueError("the program has no fast code")
    cdef _Columns columns = _Columns(inputs, outputs, status)
    cdef rating_columns view
    cdef int64_t first, last
    cdef int use_level = _checked_level(level), use_path = _checked_path(path), failed
    first, last = columns.rows(start, stop)
    view.columns_in, view.out, view.status = columns.ins, columns.outs, columns.status
    with nogil:
        failed = rating_run(program.c, &view, first, last, use_level, use_path)
    if failed:
        raise MemoryError


def run_mixed(PlanSet plans not None, plan_ids, inputs, outputs, status, *, start=0, stop=None,
              level=None, path=AUTO):
    """Rate rows start..stop, each by its plan. Runs of a plan are rated in place, the rest is
    sorted in blocks. OUT: `outputs` (None skips one), `status` where a row fails."""
    if len(inputs) != plans.c.n_inputs or len(outputs) != plans.c.n_outputs:
        raise ValueError(f"the plans take {plans.c.n_inputs} inputs and {plans.c.n_outputs}"
                         f" outputs, given are {len(inputs)} and {len(outputs)}")
    cdef _Columns columns = _Columns([*inputs, plan_ids], outputs, status)
    cdef rating_columns view
    cdef int64_t first, last
    cdef int use_level = _checked_level(level), use_path = _checked_path(path), failed
    cdef const in_column *ids = &columns.ins[plans.c.n_inputs]
    if not ids.is_int32:
        raise TypeError("plan ids are int64, wanted is int32")
    first, last = columns.rows(start, stop)
    view.columns_in, view.out, view.status = columns.ins, columns.outs, columns.status
    with nogil:
        failed = rating_run_mixed(&plans.c, <const int32_t *>ids.data, &view, first, last,
                                  use_level, use_path)
    if failed:
        raise MemoryError


def memory_only(inputs, outputs, *, start=0, stop=None, level=None):
    """The bound to compare with: reads and writes these columns, one add an input column.

    Rows that do not fill a step of the level stay as they were.
    """
    cdef _Columns columns = _Columns(inputs, outputs, None)
    cdef rating_columns view
    cdef int64_t first, last
    cdef int use_level = _checked_level(level), n_in = len(inputs), n_out = len(outputs)
    first, last = columns.rows(start, stop)
    view.columns_in, view.out = columns.ins, columns.outs
    with nogil:
        rating_memory_only(&view, n_in, n_out, first, last, use_level)
