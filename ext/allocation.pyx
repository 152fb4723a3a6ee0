# cython: language_level=3
"""Which credit pays which item: the documents of many accounts folded in their order.

Goals: one pass over columns, exact int64 money, shares by 128-bit products, every sum of an account
checked against overflow, no GIL and no Python object in the pass. Non-goals: sorting documents,
words; what the rules are for is told by `billcore.core.ledger.allocation`.

Work grows with the documents of an account times its parts that are open; items that come in the
order of their due days are appended.
"""

from cpython.buffer cimport PyBuffer_FillInfo
from libc.stdint cimport INT32_MAX, int32_t, int64_t, uint8_t
from libc.stdlib cimport free, malloc, qsort, realloc
from libc.string cimport memmove

cdef extern from * nogil:
    """
    #include <stdint.h>
    /* money * open / total and what is left over; 0 <= open <= total, 0 < total. */
    static inline int64_t share_of(int64_t money, int64_t open, int64_t total, int64_t *over) {
        unsigned __int128 product = (unsigned __int128)money * (uint64_t)open;
        if (product >> 64) {
            *over = (int64_t)(product % (uint64_t)total);
            return (int64_t)(product / (uint64_t)total);
        }
        *over = (int64_t)((uint64_t)product % (uint64_t)total);
        return (int64_t)((uint64_t)product / (uint64_t)total);
    }
    static inline int add_overflows(int64_t *sum, int64_t more) {
        return __builtin_add_overflow(*sum, more, sum);
    }
    """
    int64_t share_of(int64_t money, int64_t open, int64_t total, int64_t *over)
    bint add_overflows(int64_t *sum, int64_t more)

# What a row is.
cpdef enum:
    DEBIT = 0
    CREDIT = 1
    UNDO = 2

# What a credit is directed to; of a step: why it was taken.
cpdef enum:
    NOWHERE = 0
    DOCUMENT = 1
    SERVICE = 2
    PERIOD = 3
    REFERENCE = 4

# The order in which a strategy pays.
cpdef enum:
    OLDEST_FIRST = 0
    CURRENT_FIRST = 1
    PRO_RATA = 2
    PRIORITY_TABLE = 3
    STATUTORY_RU = 4

# What a strategy makes of a REFERENCE.
cpdef enum:
    IGNORED = 0
    NAMES_DOCUMENT = 1
    NAMES_PERIOD = 2

# Why a fold stopped.
cpdef enum:
    FINE = 0
    NO_MEMORY = 1
    KIND_UNKNOWN = 2
    AMOUNT_NEGATIVE = 3
    SUM_OVERFLOW = 4
    PARTS_OUTSIDE = 5
    PART_NEGATIVE = 6
    PARTS_SUM = 7
    STRATEGY_UNKNOWN = 8
    DIRECTION_UNKNOWN = 9
    UNDO_OUTSIDE = 10
    UNDO_OF_UNDO = 11
    UNDO_TWICE = 12
    UNDO_AMOUNT = 13

ROWS_MAX = INT32_MAX
"""Rows, and parts, that a call takes at most."""

PLAN_WORDS = 6
"""Words of a strategy: order, what a reference is, whether a document is divided by itself, months
until an item is barred (0: never), where its services begin and end."""

STEP = [("credit", "<i4"), ("item", "<i4"), ("part", "<i4"), ("at", "<i4"), ("undone", "<i4"),
        ("reason", "<i4"), ("amount", "<i8"), ("base", "<i8")]
"""The fields of a step as numpy writes them. undone: the row that took it back, or -1."""


cdef struct step:
    int32_t credit, item, part, at, undone, reason
    int64_t amount, base


cdef struct plan:
    int64_t order, reference, by_document, limit, services, services_end


cdef struct slot:
    int32_t row, part  # the part's place among all parts


cdef struct share:
    int64_t over  # what the division left over
    int64_t at    # which of the chosen parts


cdef struct documents:
    const int64_t *kind
    const int64_t *amount
    const int64_t *id
    const int64_t *day
    const int64_t *order
    const int64_t *period
    const int64_t *month_key
    const int64_t *strategy
    const int64_t *direction
    const int64_t *target
    const int64_t *part_begin   # NULL: every item is one part, at the place of its row
    const int64_t *part_amount
    const int64_t *service
    const int64_t *penalty


cdef struct work:
    documents of
    const plan *plans
    const int64_t *services
    int64_t n_plans, n_parts
    # of the account
    int64_t first           # its first row
    int64_t first_step
    int64_t debits, credits_sum
    slot *slots             # every part of an item so far, in the order of age
    int64_t n_slots, head   # nothing is open before head
    int32_t *credits        # every credit so far
    int64_t n_credits, credit_head
    int32_t at              # the row that is folded
    # of a payment
    const plan *by
    int64_t filter, wanted, key
    int32_t credit, reason
    slot *chosen
    share *shares
    int64_t *amounts
    int64_t n_chosen
    # what comes out
    int64_t *open
    int64_t *part_open
    uint8_t *undone
    step *steps
    int64_t n_steps, steps_room
    bint no_memory


cdef inline int64_t _at(const int64_t *column, int64_t row) noexcept nogil:
    return 0 if column == NULL else column[row]


# -- paying


cdef inline bint _older(const documents *of, int32_t row, int32_t other) noexcept nogil:
    """By due day, order of issue, row."""
    if of.day[row] != of.day[other]:
        return of.day[row] < of.day[other]
    if _at(of.order, row) != _at(of.order, other):
        return _at(of.order, row) < _at(of.order, other)
    return row < other


cdef inline bint _payable(const work *w, const slot *of) noexcept nogil:
    """Whether the part is open and within what the credit pays just now."""
    if w.part_open[of.part] == 0:
        return False
    if w.filter == DOCUMENT:
        return _at(w.of.id, of.row) == w.wanted
    if w.filter == SERVICE:
        return _at(w.of.service, of.part) == w.wanted
    if w.filter == PERIOD:
        return _at(w.of.period, of.row) == w.wanted
    return w.by.limit == 0 or _at(w.of.month_key, of.row) + 32 * w.by.limit >= w.key


cdef void _take(work *w, const slot *of, int64_t amount, int64_t base) noexcept nogil:
    """The credit pays so much of the part."""
    cdef step *new
    cdef step *moved
    if amount == 0:
        return
    if w.n_steps == w.steps_room:
        moved = <step *>realloc(w.steps, 2 * w.steps_room * sizeof(step))
        if moved == NULL:
            w.no_memory = True
            return
        w.steps, w.steps_room = moved, 2 * w.steps_room
    new = &w.steps[w.n_steps]
    new.credit, new.item, new.at, new.undone = w.credit, of.row, w.at, -1
    new.part = <int32_t>(0 if w.of.part_begin == NULL else of.part - w.of.part_begin[of.row])
    new.reason, new.amount, new.base = w.reason, amount, base
    w.n_steps += 1
    w.open[w.credit] -= amount
    w.part_open[of.part] -= amount
    if w.of.part_begin != NULL:
        w.open[of.row] -= amount


cdef inline void _pay_slot(work *w, const slot *of) noexcept nogil:
    _take(w, of, min(w.open[w.credit], w.part_open[of.part]), 0)


cdef void _oldest_first(work *w) noexcept nogil:
    cdef int64_t i
    for i in range(w.head, w.n_slots):
        if w.open[w.credit] == 0:
            return
        if _payable(w, &w.slots[i]):
            _pay_slot(w, &w.slots[i])


cdef inline int64_t _run_begin(const work *w, int64_t end) noexcept nogil:
    """Where the parts of the item begin whose last part stands before end."""
    cdef int64_t begin = end - 1
    while begin > w.head and w.slots[begin - 1].row == w.slots[end - 1].row:
        begin -= 1
    return begin


cdef void _current_first(work *w) noexcept nogil:
    cdef int64_t begin, i, end = w.n_slots
    while end > w.head and w.open[w.credit] > 0:
        begin = _run_begin(w, end)
        for i in range(begin, end):
            if w.open[w.credit] > 0 and _payable(w, &w.slots[i]):
                _pay_slot(w, &w.slots[i])
        end = begin


cdef int64_t _rank(const work *w, int64_t service) noexcept nogil:
    """The place of a service in the strategy's table; behind it, if it is not there."""
    cdef int64_t i
    for i in range(w.by.services, w.by.services_end):
        if w.services[i] == service:
            return i - w.by.services
    return w.by.services_end - w.by.services


cdef void _priority_table(work *w) noexcept nogil:
    cdef int64_t i, rank
    for rank in range(w.by.services_end - w.by.services + 1):
        for i in range(w.head, w.n_slots):
            if w.open[w.credit] == 0:
                return
            if _payable(w, &w.slots[i]) and _rank(w, _at(w.of.service, w.slots[i].part)) == rank:
                _pay_slot(w, &w.slots[i])


cdef inline void _choose(work *w, const slot *of) noexcept nogil:
    w.chosen[w.n_chosen] = of[0]
    w.n_chosen += 1


cdef int _larger_over(const void *one, const void *other) noexcept nogil:
    cdef const share *a = <const share *>one
    cdef const share *b = <const share *>other
    if a.over != b.over:
        return -1 if a.over > b.over else 1
    return -1 if a.at < b.at else 1


cdef void _divide(work *w) noexcept nogil:
    """The credit over the chosen parts by what of each is open; the largest remainders round up."""
    cdef int64_t i, total = 0, money = w.open[w.credit], left = money
    for i in range(w.n_chosen):
        w.amounts[i] = w.part_open[w.chosen[i].part]
        total += w.amounts[i]
    if money < total:
        for i in range(w.n_chosen):
            w.shares[i].at = i
            w.amounts[i] = share_of(money, w.amounts[i], total, &w.shares[i].over)
            left -= w.amounts[i]
        if left:
            qsort(w.shares, w.n_chosen, sizeof(share), _larger_over)
        for i in range(left):
            w.amounts[w.shares[i].at] += 1
    for i in range(w.n_chosen):
        _take(w, &w.chosen[i], w.amounts[i], total)
    w.n_chosen = 0


cdef void _pro_rata(work *w) noexcept nogil:
    """All parts at once; or item after item, the oldest first, each divided by itself."""
    cdef int64_t i
    for i in range(w.head, w.n_slots):
        if w.by.by_document and i > w.head and w.slots[i].row != w.slots[i - 1].row:
            _divide(w)
            if w.open[w.credit] == 0:
                return
        if _payable(w, &w.slots[i]):
            _choose(w, &w.slots[i])
    _divide(w)


cdef bint _next_period(const work *w, int64_t penalty, bint begun, int64_t *period) noexcept nogil:
    """Moves to the earliest period with something to pay, after the given one once begun."""
    cdef bint found = False
    cdef int64_t i, here, least = 0
    for i in range(w.head, w.n_slots):
        here = _at(w.of.period, w.slots[i].row)
        if (begun and here <= period[0]) or (found and here >= least):
            continue
        if (_at(w.of.penalty, w.slots[i].part) != 0) == penalty and _payable(w, &w.slots[i]):
            found, least = True, here
    period[0] = least
    return found


cdef void _statutory_ru(work *w) noexcept nogil:
    """Principal before penalty; of each, period after period; inside a period pro rata."""
    cdef int64_t i, penalty, period
    cdef bint begun
    for penalty in range(2):
        begun, period = False, 0
        while w.open[w.credit] > 0 and _next_period(w, penalty, begun, &period):
            begun = True
            for i in range(w.head, w.n_slots):
                if (_at(w.of.period, w.slots[i].row) == period
                        and (_at(w.of.penalty, w.slots[i].part) != 0) == penalty
                        and _payable(w, &w.slots[i])):
                    _choose(w, &w.slots[i])
            _divide(w)


cdef void _stage(work *w, int64_t kind, int64_t wanted, int32_t reason) noexcept nogil:
    """The credit pays what is open and within the filter, in the order of its strategy."""
    w.filter, w.wanted, w.reason = kind, wanted, reason
    if w.by.order == OLDEST_FIRST:
        _oldest_first(w)
    elif w.by.order == CURRENT_FIRST:
        _current_first(w)
    elif w.by.order == PRO_RATA:
        _pro_rata(w)
    elif w.by.order == PRIORITY_TABLE:
        _priority_table(w)
    else:
        _statutory_ru(w)


cdef void _reference(work *w, int64_t id) noexcept nogil:
    """What the document that a payment refers to makes the strategy pay first."""
    cdef int64_t i
    if w.by.reference == NAMES_DOCUMENT:
        _stage(w, DOCUMENT, id, REFERENCE)
    elif w.by.reference == NAMES_PERIOD:
        for i in range(w.n_slots):
            if _at(w.of.id, w.slots[i].row) == id:
                _stage(w, PERIOD, _at(w.of.period, w.slots[i].row), REFERENCE)
                return


cdef void _pay(work *w, int32_t credit) noexcept nogil:
    """What is left of a credit pays what is open: first where it is directed to, then the rest."""
    cdef int64_t direction = _at(w.of.direction, credit)
    cdef int64_t target = _at(w.of.target, credit)
    w.credit = credit
    w.by = &w.plans[_at(w.of.strategy, credit)]
    w.key = _at(w.of.month_key, credit)
    while w.head < w.n_slots and w.part_open[w.slots[w.head].part] == 0:
        w.head += 1
    if w.head == w.n_slots:
        return
    if direction == REFERENCE:
        _reference(w, target)
    elif direction != NOWHERE:
        _stage(w, direction, target, <int32_t>direction)
    if w.open[credit] > 0:
        _stage(w, NOWHERE, 0, NOWHERE)


cdef void _flow(work *w) noexcept nogil:
    """Free credit pays what is open, the earliest credit first."""
    cdef int64_t i
    while w.credit_head < w.n_credits and w.open[w.credits[w.credit_head]] == 0:
        w.credit_head += 1
    for i in range(w.credit_head, w.n_credits):
        if w.open[w.credits[i]] > 0:
            _pay(w, w.credits[i])


# -- folding


cdef int _debit(work *w, int32_t row) noexcept nogil:
    cdef const documents *of = &w.of
    cdef int64_t begin, end, part, place, total = 0
    w.open[row] = of.amount[row]
    if add_overflows(&w.debits, of.amount[row]):
        return SUM_OVERFLOW
    if of.part_begin == NULL:
        begin, end = row, row + 1
    else:
        begin, end = of.part_begin[row], of.part_begin[row + 1]
        for part in range(begin, end):
            if of.part_amount[part] < 0:
                return PART_NEGATIVE
            if add_overflows(&total, of.part_amount[part]):
                return PARTS_SUM
            w.part_open[part] = of.part_amount[part]
        if total != of.amount[row]:
            return PARTS_SUM
    place = w.n_slots
    while place > 0 and _older(of, row, w.slots[place - 1].row):
        place -= 1
    memmove(&w.slots[place + end - begin], &w.slots[place], (w.n_slots - place) * sizeof(slot))
    w.n_slots += end - begin
    w.head = min(w.head, place)
    for part in range(begin, end):
        w.slots[place].row, w.slots[place].part = row, <int32_t>part
        place += 1
    _flow(w)
    return FINE


cdef int _credit(work *w, int32_t row) noexcept nogil:
    w.open[row] = w.of.amount[row]
    if add_overflows(&w.credits_sum, w.of.amount[row]):
        return SUM_OVERFLOW
    if not 0 <= _at(w.of.strategy, row) < w.n_plans:
        return STRATEGY_UNKNOWN
    if not NOWHERE <= _at(w.of.direction, row) <= REFERENCE:
        return DIRECTION_UNKNOWN
    w.credits[w.n_credits] = row
    w.n_credits += 1
    if w.open[row] > 0:
        _pay(w, row)
    return FINE


cdef int _undo(work *w, int32_t row) noexcept nogil:
    """Takes every step of the target back, closes it, and lets free credit flow."""
    cdef int64_t i, part, target = _at(w.of.target, row)
    cdef const documents *of = &w.of
    cdef step *one
    if not w.first <= target < row:
        return UNDO_OUTSIDE
    if of.kind[target] == UNDO:
        return UNDO_OF_UNDO
    if w.undone[target]:
        return UNDO_TWICE
    if of.amount[row] != of.amount[target]:
        return UNDO_AMOUNT
    for i in range(w.first_step, w.n_steps):
        one = &w.steps[i]
        if one.undone < 0 and (one.credit == target or one.item == target):
            one.undone = row
            part = one.item if of.part_begin == NULL else of.part_begin[one.item] + one.part
            w.open[one.credit] += one.amount
            w.part_open[part] += one.amount
            if of.part_begin != NULL:
                w.open[one.item] += one.amount
    w.undone[target] = True
    w.open[target] = 0
    if of.kind[target] == DEBIT:
        w.debits -= of.amount[target]
        if of.part_begin == NULL:
            w.part_open[target] = 0
        else:
            for part in range(of.part_begin[target], of.part_begin[target + 1]):
                w.part_open[part] = 0
    else:
        w.credits_sum -= of.amount[target]
    w.head, w.credit_head = 0, 0
    _flow(w)
    return FINE


cdef int _row(work *w, int32_t row) noexcept nogil:
    cdef int64_t kind = w.of.kind[row]
    if w.of.amount[row] < 0:
        return AMOUNT_NEGATIVE
    w.at = row
    if kind == DEBIT:
        return _debit(w, row)
    if kind == CREDIT:
        return _credit(w, row)
    if kind == UNDO:
        return _undo(w, row)
    return KIND_UNKNOWN


cdef int _account(work *w, int64_t begin, int64_t end, int64_t *row) noexcept nogil:
    """Folds the rows of one account; where it stops, row says at which."""
    cdef int found = FINE
    w.first, w.first_step = begin, w.n_steps
    w.debits = w.credits_sum = 0
    w.n_slots = w.head = w.n_credits = w.credit_head = 0
    while begin < end and found == FINE:
        row[0] = begin
        found = _row(w, <int32_t>begin)
        begin += 1
    return NO_MEMORY if w.no_memory else found


cdef int _rooms(work *w, const int64_t *starts, int64_t accounts) noexcept nogil:
    """Room for the account with the most rows and the one with the most parts."""
    cdef int64_t i, rows = 1, parts = 1
    for i in range(accounts):
        rows = max(rows, starts[i + 1] - starts[i])
        if w.of.part_begin != NULL:
            parts = max(parts, w.of.part_begin[starts[i + 1]] - w.of.part_begin[starts[i]])
    parts = max(parts, rows if w.of.part_begin == NULL else 1)
    w.steps_room = starts[accounts] + 16
    w.slots = <slot *>malloc(parts * sizeof(slot))
    w.chosen = <slot *>malloc(parts * sizeof(slot))
    w.shares = <share *>malloc(parts * sizeof(share))
    w.amounts = <int64_t *>malloc(parts * sizeof(int64_t))
    w.credits = <int32_t *>malloc(rows * sizeof(int32_t))
    w.steps = <step *>malloc(w.steps_room * sizeof(step))
    if (w.slots == NULL or w.chosen == NULL or w.shares == NULL or w.amounts == NULL
            or w.credits == NULL or w.steps == NULL):
        return NO_MEMORY
    return FINE


cdef int _parts_fit(const documents *of, int64_t rows, int64_t n_parts, int64_t *row) noexcept nogil:
    """Parts of rows follow each other, all inside; only items have any."""
    if of.part_begin == NULL:
        return FINE
    for row[0] in range(rows):
        if not 0 <= of.part_begin[row[0]] <= of.part_begin[row[0] + 1] <= n_parts:
            return PARTS_OUTSIDE
        if of.kind[row[0]] != DEBIT and of.part_begin[row[0]] != of.part_begin[row[0] + 1]:
            return PARTS_OUTSIDE
    return FINE


cdef const int64_t *_column(const int64_t[::1] given) noexcept:
    return NULL if given is None or given.shape[0] == 0 else &given[0]


def fold(const int64_t[::1] starts not None, const int64_t[::1] kind not None,
         const int64_t[::1] amount not None, const int64_t[::1] day not None, *,
         const int64_t[::1] id=None, const int64_t[::1] order=None, const int64_t[::1] period=None,
         const int64_t[::1] month_key=None, const int64_t[::1] strategy=None,
         const int64_t[::1] direction=None, const int64_t[::1] target=None,
         const int64_t[::1] part_begin=None, const int64_t[::1] part_amount=None,
         const int64_t[::1] service=None, const int64_t[::1] penalty=None,
         const int64_t[::1] part_service=None, const int64_t[::1] part_penalty=None,
         const int64_t[::1] plans not None, const int64_t[::1] services=None,
         int64_t[::1] open not None, int64_t[::1] part_open not None, uint8_t[::1] undone not None):
    """(why it stopped, at which row, the steps as bytes); IN: columns, OUT: open, part_open, undone.

    starts: of each account its first row, and the end of the last. What is None holds zeros. All
    columns of rows have one length, those of parts another (unchecked); with no part_begin an item
    is one part, part_open is the same memory as open, and service and penalty are columns of rows.
    OUT columns hold zeros before. month_key: days as 32 x month + day of month, needed where a plan
    has a limit.
    """
    cdef work w
    cdef int64_t rows = kind.shape[0], i, accounts = starts.shape[0] - 1, row = 0
    cdef int found
    w.of.kind, w.of.amount, w.of.day = _column(kind), _column(amount), _column(day)
    w.of.id, w.of.order, w.of.period = _column(id), _column(order), _column(period)
    w.of.month_key, w.of.strategy = _column(month_key), _column(strategy)
    w.of.direction, w.of.target = _column(direction), _column(target)
    w.of.part_begin, w.of.part_amount = _column(part_begin), _column(part_amount)
    w.of.service = _column(service if part_begin is None else part_service)
    w.of.penalty = _column(penalty if part_begin is None else part_penalty)
    w.plans, w.services = <const plan *>&plans[0], _column(services)
    w.n_plans, w.n_parts = plans.shape[0] // PLAN_WORDS, part_open.shape[0]
    if rows == 0:
        return FINE, 0, b""
    w.open, w.part_open, w.undone = &open[0], NULL, &undone[0]
    if part_open.shape[0]:
        w.part_open = &part_open[0]
    w.slots = w.chosen = NULL
    w.shares, w.amounts, w.credits, w.steps = NULL, NULL, NULL, NULL
    w.n_steps = w.n_chosen = 0
    w.no_memory = False
    with nogil:
        found = _parts_fit(&w.of, rows, w.n_parts, &row)
        if found == FINE:
            found = _rooms(&w, &starts[0], accounts)
        i = 0
        while i < accounts and found == FINE:
            found = _account(&w, starts[i], starts[i + 1], &row)
            i += 1
        free(w.slots)
        free(w.chosen)
        free(w.shares)
        free(w.amounts)
        free(w.credits)
    return found, row, _steps(&w, found)


cdef _steps(work *w, int found):
    """The steps as memory that numpy can look at, freed with it."""
    if found != FINE or w.n_steps == 0:
        free(w.steps)
        return b""
    cdef Steps steps = Steps.__new__(Steps)
    steps._data, steps.nbytes = <uint8_t *>w.steps, w.n_steps * sizeof(step)
    return steps


cdef class Steps:
    """Memory of the steps of a fold, in the order in which they were taken; writable."""

    cdef uint8_t *_data
    cdef readonly Py_ssize_t nbytes

    def __getbuffer__(self, Py_buffer *view, int flags):
        PyBuffer_FillInfo(view, self, self._data, self.nbytes, False, flags)

    def __dealloc__(self):
        free(self._data)
