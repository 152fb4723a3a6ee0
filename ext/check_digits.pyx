# cython: language_level=3
"""Iranian bill and payment ids in columns: made and checked as numbers, a word of faults a row.

Goals: the rules of `billcore.core.identifiers.iran`, for a run of millions; bit i of a
row's word of faults is FAULTS[i], and 0 says that the row is right. An id is its number: leading
zeros do not matter, the check digits are over the number without them. Loops run without the GIL.
Non-goals: texts, whether an id was ever issued.
"""

from cython cimport cdivision
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint64_t

cdef extern from * nogil:
    """
    #include <stdint.h>
    enum {
        BILL_NOT_DIGITS = 1 << 0, BILL_TOO_LONG = 1 << 1, FILE_NUMBER_ZERO = 1 << 2,
        SERVICE_ZERO = 1 << 3, SERVICE_UNKNOWN = 1 << 4, COMPANY_OTHER = 1 << 5,
        BILL_CHECK = 1 << 6, PAYMENT_NOT_DIGITS = 1 << 7, PAYMENT_TOO_LONG = 1 << 8,
        AMOUNT_ZERO = 1 << 9, PAYMENT_CHECK_1 = 1 << 10, PAYMENT_CHECK_2 = 1 << 11,
        AMOUNT_NOT_WHOLE = 1 << 12, AMOUNT_TOO_LARGE = 1 << 13, YEAR_RANGE = 1 << 14,
        PERIOD_RANGE = 1 << 15
    };
    #define IDS_MAX INT64_C(9999999999999)
    #define TAIL_MAX INT64_C(99999)
    #define PART_MAX INT64_C(99999999)

    /* Weights repeat every six digits, so three digits weigh the same wherever they stand in a
       half of six: one table for the right half (2, 3, 4), one for the left (5, 6, 7).
       Numbers have at most 18 digits. */
    static uint16_t id_weight[2][1000];

    static void id_init(void) {
        for (int i = 0; i < 1000; i++) {
            int ones = i % 10, tens = i / 10 % 10, hundreds = i / 100;
            id_weight[0][i] = (uint16_t)(2 * ones + 3 * tens + 4 * hundreds);
            id_weight[1][i] = (uint16_t)(5 * ones + 6 * tens + 7 * hundreds);
        }
    }

    static inline uint32_t id_weighed_6(uint32_t n) {
        return id_weight[0][n % 1000] + id_weight[1][n / 1000];
    }

    static inline uint32_t id_weighed(uint64_t n) {
        uint64_t upper = n / 1000000;
        return id_weighed_6((uint32_t)(n % 1000000)) + id_weighed_6((uint32_t)(upper % 1000000))
            + id_weighed_6((uint32_t)(upper / 1000000));
    }

    static inline int64_t id_digit(uint32_t sum) {
        uint32_t rest = sum % 11;
        return rest < 2 ? 0 : 11 - rest;
    }

    static inline int64_t id_check(int64_t n) { return id_digit(id_weighed((uint64_t)n)); }

    /* The check digit of a bill id and the m digits of p after it. Only where the bill id stands
       in the cycle of six weights counts: zeros, m modulo 6 of them, move it there. */
    static inline int64_t id_check_2(int64_t bill, int64_t p) {
        static const uint64_t power[6] = {1, 10, 100, 1000, 10000, 100000};
        int m = (p > 0) + (p > 9) + (p > 99) + (p > 999) + (p > 9999) + (p > 99999)
            + (p > 999999) + (p > 9999999) + (p > 99999999) + (p > 999999999)
            + (p > INT64_C(9999999999)) + (p > INT64_C(99999999999));
        return id_digit(id_weighed((uint64_t)p) + id_weighed((uint64_t)bill * power[m % 6]));
    }

    static inline uint16_t id_bill_faults(int64_t bill, uint16_t services,
                                          const uint8_t *companies) {
        uint16_t found = 0;
        int service;
        if (bill < 0) return BILL_NOT_DIGITS;
        if (bill > IDS_MAX) return BILL_TOO_LONG;
        service = (int)(bill / 10 % 10);
        if (bill <= TAIL_MAX) found |= FILE_NUMBER_ZERO;
        if (!(services >> service & 1)) found |= service ? SERVICE_UNKNOWN : SERVICE_ZERO;
        if (!companies[bill / 100 % 1000]) found |= COMPANY_OTHER;
        if (id_check(bill / 10) != bill % 10) found |= BILL_CHECK;
        return found;
    }

    static inline uint16_t id_pair_faults(int64_t bill, int64_t payment, uint16_t services,
                                          const uint8_t *companies) {
        uint16_t found = id_bill_faults(bill, services, companies), of_bill = found;
        if (payment < 0) return found | PAYMENT_NOT_DIGITS;
        if (payment > IDS_MAX) return found | PAYMENT_TOO_LONG;
        if (payment <= TAIL_MAX) found |= AMOUNT_ZERO;
        if (id_check(payment / 100) != payment / 10 % 10) found |= PAYMENT_CHECK_1;
        if (!of_bill && id_check_2(bill, payment / 10) != payment % 10) found |= PAYMENT_CHECK_2;
        return found;
    }

    static inline uint16_t id_amount_faults(int64_t amount, int64_t year, int64_t period) {
        uint16_t found = 0;
        if (amount <= 0) found |= AMOUNT_ZERO;
        else {
            if (amount % 1000) found |= AMOUNT_NOT_WHOLE;
            if (amount > PART_MAX * 1000) found |= AMOUNT_TOO_LARGE;
        }
        if (year < 0 || year > 9) found |= YEAR_RANGE;
        if (period < 0 || period > 99) found |= PERIOD_RANGE;
        return found;
    }

    static inline uint16_t id_file_faults(int64_t file_no) {
        if (file_no < 0) return BILL_NOT_DIGITS;
        if (file_no > PART_MAX) return BILL_TOO_LONG;
        return file_no ? 0 : FILE_NUMBER_ZERO;
    }

    static inline int64_t id_bill(int64_t body) { return body * 10 + id_check(body); }

    static inline int64_t id_payment(int64_t bill, int64_t body) {
        int64_t checked = body * 10 + id_check(body);
        return checked * 10 + id_check_2(bill, checked);
    }
    """
    void id_init()
    uint16_t id_file_faults(int64_t file_no)
    uint16_t id_bill_faults(int64_t bill, uint16_t services, const uint8_t *companies)
    uint16_t id_pair_faults(int64_t bill, int64_t payment, uint16_t services,
                            const uint8_t *companies)
    uint16_t id_amount_faults(int64_t amount, int64_t year, int64_t period)
    int64_t id_bill(int64_t body)
    int64_t id_payment(int64_t bill, int64_t body)

id_init()

FAULTS = (
    ("bill_id", "NOT_DIGITS"), ("bill_id", "TOO_LONG"), ("bill_id", "FILE_NUMBER_ZERO"),
    ("bill_id", "SERVICE_ZERO"), ("bill_id", "SERVICE_UNKNOWN"), ("bill_id", "COMPANY_OTHER"),
    ("bill_id", "BILL_CHECK"), ("payment_id", "NOT_DIGITS"), ("payment_id", "TOO_LONG"),
    ("payment_id", "AMOUNT_ZERO"), ("payment_id", "PAYMENT_CHECK_1"),
    ("payment_id", "PAYMENT_CHECK_2"), ("amount", "AMOUNT_NOT_WHOLE"),
    ("amount", "AMOUNT_TOO_LARGE"), ("year_digit", "OUT_OF_RANGE"), ("period", "OUT_OF_RANGE"),
)
"""By bit: the field and the reason."""


def make_bill_ids(const int64_t[::1] file_no not None, int company, int service,
                  int64_t[::1] bill_id not None, uint16_t[::1] faults not None):
    """Bill ids of file numbers. OUT: bill_id (0 where refused), faults.

    company: 0 to 999; service: 1 to 9. All columns have one length.
    """
    cdef Py_ssize_t i, n = _rows(file_no.shape[0], bill_id.shape[0], faults.shape[0])
    cdef int64_t tail
    if not (0 <= company <= 999 and 1 <= service <= 9):
        raise ValueError(f"company {company} or service {service} is out of range")
    tail = company * 10 + service
    with nogil:
        for i in range(n):
            faults[i] = id_file_faults(file_no[i])
            bill_id[i] = 0 if faults[i] else id_bill(file_no[i] * 10000 + tail)


@cdivision(True)
def make_payment_ids(const int64_t[::1] bill_id not None, const int64_t[::1] amount not None,
                     const int64_t[::1] year_digit not None, const int64_t[::1] period not None,
                     uint16_t services, const uint8_t[::1] companies not None,
                     int64_t[::1] payment_id not None, uint16_t[::1] faults not None):
    """Payment ids for bill ids. OUT: payment_id (0 where refused), faults.

    amount: rials. services: bit s for service type s; companies: 1000 flags by company code.
    """
    cdef Py_ssize_t i, n = _rows(bill_id.shape[0], amount.shape[0], payment_id.shape[0])
    cdef uint16_t found
    _rows(n, year_digit.shape[0], period.shape[0])
    _rows(n, faults.shape[0], n)
    _check_companies(companies)
    with nogil:
        for i in range(n):
            found = id_bill_faults(bill_id[i], services, &companies[0])
            found |= id_amount_faults(amount[i], year_digit[i], period[i])
            faults[i] = found
            payment_id[i] = 0 if found else id_payment(
                bill_id[i], amount[i] / 1000 * 1000 + year_digit[i] * 100 + period[i]
            )


def check_pairs(const int64_t[::1] bill_id not None, const int64_t[::1] payment_id not None,
                uint16_t services, const uint8_t[::1] companies not None,
                uint16_t[::1] faults not None):
    """What is wrong with pairs of a bill id and a payment id. OUT: faults."""
    cdef Py_ssize_t i, n = _rows(bill_id.shape[0], payment_id.shape[0], faults.shape[0])
    _check_companies(companies)
    with nogil:
        for i in range(n):
            faults[i] = id_pair_faults(bill_id[i], payment_id[i], services, &companies[0])


def check_bills(const int64_t[::1] bill_id not None, uint16_t services,
                const uint8_t[::1] companies not None, uint16_t[::1] faults not None):
    """What is wrong with bill ids. OUT: faults."""
    cdef Py_ssize_t i, n = _rows(bill_id.shape[0], faults.shape[0], faults.shape[0])
    _check_companies(companies)
    with nogil:
        for i in range(n):
            faults[i] = id_bill_faults(bill_id[i], services, &companies[0])


cdef Py_ssize_t _rows(Py_ssize_t a, Py_ssize_t b, Py_ssize_t c) except -1:
    if not a == b == c:
        raise ValueError(f"columns have {a}, {b} and {c} rows")
    return a


cdef int _check_companies(const uint8_t[::1] companies) except -1:
    if companies.shape[0] != 1000:
        raise ValueError(f"{companies.shape[0]} flags of companies, wanted are 1000")
    return 0
