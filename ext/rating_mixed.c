/* Rows of many plans: long runs of one plan in place, the rest sorted by plan in blocks.
 *
 * A block's rows are counted per plan, its columns copied one by one to local ones in the
 * order of plans, each plan's rows run there, and the results copied back. Copying reads
 * in order and writes at as many places as there are plans, or the other way round: the
 * lines at these places stay in the first-level cache, the block in the second.
 *
 * Local columns stay where they are during a call, so a plan's words are linked to them
 * once, in a slot of its own; plans beyond the slots share them. A plan's last step may
 * run on into the rows of the next plan, which is run later, or into the padding. */
#include "rating_fast.h"

#include <stdlib.h>
#include <string.h>

enum {
    RUN_ROWS_MIN = 512,         /* from here on a run of one plan is run in place */
    BLOCK_BYTES = 256 * 1024,   /* unless that leaves too few rows a plan */
    BLOCK_ROWS_MIN = 1 << 12,
    BLOCK_ROWS_MAX = 1 << 16,   /* a place has 16 bits */
    ROWS_PER_PLAN_WANTED = 52,  /* in random order few plans then need a second step of 64 */
    PADDING_ROWS = 256,
    SLOTS_BYTES = 4 * 1024 * 1024,
    PREFETCH_ROWS = 256,
};

/* What running a plan over the local columns takes; its words are linked to them. */
typedef struct {
    int32_t plan; /* its id + 1; 0: the slot is free */
    uint8_t is_fast, has_constants, hides;
} slot;

typedef struct {
    const rating_plans *plans;
    const rating_columns *common;
    const int32_t *ids;
    const fast_level *level;
    workspace space;
    int64_t block_rows;
    int32_t *count, *next;     /* per bucket: its rows in the block, where the next one goes */
    uint16_t *place;           /* per row of the block: its local row */
    slot *slots;
    fast_word *words;          /* per slot, `slot_words` each */
    size_t slot_words;
    int32_t n_slots;
    in_column *in, *plan_in;   /* local columns; a program's view of columns */
    int64_t **out, **plan_out;
    uint8_t *status;
    void *memory;
} mixed; /* a bucket: a plan, or after them all ids that name none */

static int64_t rows_per_block(const rating_plans *plans, const rating_columns *common,
                              int64_t n_rows)
{
    int64_t bytes = 1 + (int64_t)sizeof(uint16_t) + 8 * plans->n_outputs;
    for (int32_t j = 0; j < plans->n_inputs; j++)
        bytes += common->in[j].is_int32 ? 4 : 8;
    int64_t rows = BLOCK_BYTES / bytes, wanted = (int64_t)plans->n_plans * ROWS_PER_PLAN_WANTED;
    rows = rows < wanted ? wanted : rows;
    rows = rows < BLOCK_ROWS_MIN ? BLOCK_ROWS_MIN : rows > BLOCK_ROWS_MAX ? BLOCK_ROWS_MAX : rows;
    return rows < n_rows ? rows : n_rows;
}

static void size_slots(mixed *m)
{
    size_t most = 1;
    for (int32_t p = 0; p < m->plans->n_plans; p++) {
        const fast_code *fast = m->plans->plans[p].program->fast;
        most = fast && (size_t)fast->n_words > most ? (size_t)fast->n_words : most;
    }
    m->slot_words = (most + 7) & ~(size_t)7;
    const size_t slots = SLOTS_BYTES / (m->slot_words * sizeof(fast_word)) + 1;
    m->n_slots = slots < (size_t)m->plans->n_plans ? (int32_t)slots : m->plans->n_plans;
}

/* Hands out aligned pieces of memory; with base NULL it only measures. */
static void *piece(char *base, size_t *used, size_t bytes)
{
    void *at = base ? base + *used : NULL;
    *used += (bytes + 63) & ~(size_t)63;
    return at;
}

/* Returns the bytes before the words of the slots, which come last. */
static size_t lay_out(mixed *m, char *base)
{
    const rating_plans *plans = m->plans;
    const size_t rows = (size_t)m->block_rows + PADDING_ROWS, n_plans = (size_t)plans->n_plans;
    const size_t n_in = (size_t)plans->n_inputs, n_out = (size_t)plans->n_outputs;
    size_t used = 0, programs = 0;
    for (size_t p = 0; p < n_plans; p++) {
        const rating_program *program = plans->plans[p].program;
        const size_t columns = (size_t)(program->n_inputs + program->n_outputs);
        programs = columns > programs ? columns : programs;
    }
    m->count = piece(base, &used, (n_plans + 1) * sizeof(int32_t));
    m->next = piece(base, &used, (n_plans + 1) * sizeof(int32_t));
    m->slots = piece(base, &used, (size_t)m->n_slots * sizeof(slot));
    m->place = piece(base, &used, rows * sizeof(uint16_t));
    m->status = piece(base, &used, rows);
    m->in = piece(base, &used, (n_in + 1) * sizeof(in_column));
    m->out = piece(base, &used, (n_out + 1) * sizeof(int64_t *));
    m->plan_in = piece(base, &used, (programs + 1) * sizeof(in_column));
    m->plan_out = piece(base, &used, (programs + 1) * sizeof(int64_t *));
    for (size_t j = 0; j < n_in; j++) {
        const int is_int32 = m->common->in[j].is_int32;
        void *column = piece(base, &used, rows * (is_int32 ? 4 : 8));
        if (base)
            m->in[j] = (in_column){column, is_int32};
    }
    for (size_t j = 0; j < n_out; j++) {
        int64_t *column = m->common->out[j] ? piece(base, &used, rows * 8) : NULL;
        if (base)
            m->out[j] = column;
    }
    m->words = (fast_word *)(base ? base + used : NULL);
    return used;
}

static int mixed_open(mixed *m)
{
    workspace_size size = {0};
    for (int32_t p = 0; p < m->plans->n_plans; p++)
        workspace_fit(&size, m->plans->plans[p].program, m->level);
    if (workspace_open(&m->space, size))
        return -1;
    size_slots(m);
    const size_t bytes = lay_out(m, NULL);
    const size_t words = (size_t)m->n_slots * m->slot_words * sizeof(fast_word);
    if (posix_memalign(&m->memory, 64, bytes + words + 64)) {
        workspace_close(&m->space);
        return -1;
    }
    memset(m->memory, 0, bytes); /* also the padding, which is read */
    lay_out(m, m->memory);
    return 0;
}

static void mixed_close(mixed *m)
{
    free(m->memory);
    workspace_close(&m->space);
}

/* The columns of a plan's program among these. */
static rating_columns columns_of(mixed *m, int32_t id, const in_column *in, int64_t *const *out,
                                 uint8_t *status)
{
    const rating_plan *plan = &m->plans->plans[id];
    for (int32_t j = 0; j < plan->program->n_inputs; j++)
        m->plan_in[j] = in[plan->in_map[j]];
    for (int32_t j = 0; j < plan->program->n_outputs; j++)
        m->plan_out[j] = plan->out_map[j] < 0 ? NULL : out[plan->out_map[j]];
    return (rating_columns){m->plan_in, m->plan_out, status};
}

/* Is there a wanted output that the plan has not? */
static int hides_any(const mixed *m, const rating_plan *plan)
{
    for (int32_t j = 0; j < m->plans->n_outputs; j++)
        if (m->out[j] && !plan->shows[j])
            return 1;
    return 0;
}

static void take_slot(mixed *m, slot *s, int32_t id, fast_word *words)
{
    const rating_plan *plan = &m->plans->plans[id];
    const fast_code *fast = m->level ? plan->program->fast : NULL;
    *s = (slot){id + 1, fast != NULL, fast && fast->n_constants, (uint8_t)hides_any(m, plan)};
    if (fast) {
        const rating_columns columns = columns_of(m, id, m->in, m->out, m->status);
        link_fast(fast, &columns, m->level, words, m->space.registers);
    }
}

/* Whole steps: the last one may run on beyond `stop`. */
static void run_words(mixed *m, int32_t id, int64_t row, int64_t stop)
{
    const int64_t rows = m->level->rows, end = row + ((stop - row + rows - 1) & -rows);
    while (row < end) {
        row = m->level->run(&m->space.fast, row, end, NULL);
        if (m->space.fast.n_flagged) {
            const rating_columns columns = columns_of(m, id, m->in, m->out, m->status);
            redo_flagged(m->plans->plans[id].program, &columns, stop, &m->space);
        }
    }
}

static void zero_not_shown(const mixed *m, int32_t id, int64_t *const *out, int64_t start,
                           int64_t stop)
{
    for (int32_t j = 0; j < m->plans->n_outputs; j++)
        if (!m->plans->plans[id].shows[j] && out[j])
            memset(out[j] + start, 0, (size_t)(stop - start) * sizeof(int64_t));
}

static int is_known(const mixed *m, int32_t id)
{
    return id >= 0 && id < m->plans->n_plans;
}

/* How many rows from `row` on have its plan; counts in groups that the compiler vectorises. */
static int64_t run_length(const int32_t *ids, int64_t row, int64_t stop)
{
    enum { GROUP = 64 };
    const int32_t id = ids[row];
    int64_t end = row + 1;
    for (; end + GROUP <= stop; end += GROUP) {
        int32_t differs = 0;
        for (int i = 0; i < GROUP; i++)
            differs |= ids[end + i] ^ id;
        if (differs)
            break;
    }
    while (end < stop && ids[end] == id)
        end++;
    return end - row;
}

/* Ids outside the set share one bucket, after the last plan's. */
static inline int32_t bucket_of(int32_t id, uint32_t n_plans)
{
    return (uint32_t)id < n_plans ? id : (int32_t)n_plans;
}

/* Counts the rows of each bucket and finds where its first one goes. */
static void count_rows(mixed *m, int64_t start, int64_t n)
{
    const int32_t *restrict ids = m->ids + start;
    int32_t *restrict count = m->count, *restrict next = m->next;
    const uint32_t n_plans = (uint32_t)m->plans->n_plans;
    memset(count, 0, ((size_t)n_plans + 1) * sizeof *count);
#pragma GCC unroll 4
    for (int64_t i = 0; i < n; i++)
        count[bucket_of(ids[i], n_plans)]++;
    int32_t at = 0;
    for (uint32_t bucket = 0; bucket <= n_plans; bucket++) {
        next[bucket] = at;
        at += count[bucket];
    }
}

/* Afterwards `next` is where each bucket's rows end. */
static void place_rows(mixed *m, int64_t start, int64_t n)
{
    const int32_t *restrict ids = m->ids + start;
    int32_t *restrict next = m->next;
    uint16_t *restrict place = m->place;
    const uint32_t n_plans = (uint32_t)m->plans->n_plans;
#pragma GCC unroll 4
    for (int64_t i = 0; i < n; i++)
        place[i] = (uint16_t)next[bucket_of(ids[i], n_plans)]++;
}

/* A cache line of `from` at a time, and one fetched ahead. */
#define SCATTER(name, type)                                                         \
    static void name(const type *restrict from, const uint16_t *restrict place,     \
                     type *restrict to, int64_t n)                                  \
    {                                                                               \
        enum { LINE = 64 / sizeof(type) };                                          \
        int64_t i = 0;                                                              \
        for (; i + LINE <= n; i += LINE) {                                          \
            __builtin_prefetch(from + i + PREFETCH_ROWS);                           \
            for (int k = 0; k < LINE; k++)                                          \
                to[place[i + k]] = from[i + k];                                     \
        }                                                                           \
        for (; i < n; i++)                                                          \
            to[place[i]] = from[i];                                                 \
    }
SCATTER(scatter_64, int64_t)
SCATTER(scatter_32, int32_t)

static void gather_64(const int64_t *restrict from, const uint16_t *restrict place,
                      int64_t *restrict to, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        to[i] = from[place[i]];
}

static void copy_in(mixed *m, int64_t start, int64_t n)
{
    for (int32_t j = 0; j < m->plans->n_inputs; j++) {
        const void *from = m->common->in[j].data;
        void *to = (void *)m->in[j].data;
        if (m->common->in[j].is_int32)
            scatter_32((const int32_t *)from + start, m->place, to, n);
        else
            scatter_64((const int64_t *)from + start, m->place, to, n);
    }
}

static int any_set(const uint8_t *status, int64_t n)
{
    uint8_t any = 0;
    for (int64_t i = 0; i < n; i++)
        any |= status[i];
    return any;
}

static void copy_out(mixed *m, int64_t start, int64_t n)
{
    for (int32_t j = 0; j < m->plans->n_outputs; j++)
        if (m->out[j])
            gather_64(m->out[j], m->place, m->common->out[j] + start, n);
    if (!any_set(m->status, n))
        return;
    for (int64_t i = 0; i < n; i++)
        if (m->status[m->place[i]])
            m->common->status[start + i] = m->status[m->place[i]];
    memset(m->status, 0, (size_t)n);
}

static void refuse(int64_t *const *out, uint8_t *status, int32_t n_outputs, int64_t start,
                   int64_t stop)
{
    memset(status + start, RATING_UNKNOWN_PLAN, (size_t)(stop - start));
    for (int32_t j = 0; j < n_outputs; j++)
        if (out[j])
            memset(out[j] + start, 0, (size_t)(stop - start) * sizeof(int64_t));
}

/* Rows first..stop of the local columns, which are of this plan. */
static void run_local(mixed *m, int32_t id, int64_t first, int64_t stop)
{
    const int32_t at = id % m->n_slots;
    slot *s = &m->slots[at];
    fast_word *words = m->words + (size_t)at * m->slot_words;
    if (s->plan != id + 1)
        take_slot(m, s, id, words);
    if (s->is_fast) {
        if (s->has_constants)
            preload(m->plans->plans[id].program->fast, m->level->rows, m->space.registers);
        m->space.fast.words = words;
        run_words(m, id, first, stop);
    } else {
        const rating_columns columns = columns_of(m, id, m->in, m->out, m->status);
        run_rows(m->plans->plans[id].program, &columns, first, stop, NULL, &m->space);
    }
    if (s->hides)
        zero_not_shown(m, id, m->out, first, stop);
}

/* Plans in the order of their places, for a plan's last step writes beyond its rows. */
static void run_block(mixed *m, int64_t start, int64_t n)
{
    count_rows(m, start, n);
    place_rows(m, start, n);
    copy_in(m, start, n);
    for (int32_t id = 0; id <= m->plans->n_plans; id++) {
        const int64_t stop = m->next[id], first = stop - m->count[id];
        if (first == stop)
            continue;
        if (id < m->plans->n_plans)
            run_local(m, id, first, stop);
        else
            refuse(m->out, m->status, m->plans->n_outputs, first, stop);
    }
    copy_out(m, start, n);
}

static void run_in_place(mixed *m, int64_t start, int64_t stop)
{
    const rating_columns *common = m->common;
    const int32_t id = m->ids[start];
    if (!is_known(m, id)) {
        refuse(common->out, common->status, m->plans->n_outputs, start, stop);
        return;
    }
    const rating_columns columns = columns_of(m, id, common->in, common->out, common->status);
    run_rows(m->plans->plans[id].program, &columns, start, stop, m->level, &m->space);
    zero_not_shown(m, id, common->out, start, stop);
}

int rating_run_mixed(const rating_plans *plans, const int32_t *plan_ids,
                     const rating_columns *common, int64_t start, int64_t stop, int level,
                     int path)
{
    mixed m = {.plans = plans, .common = common, .ids = plan_ids,
               .level = path == PATH_WIDE ? NULL : level_of(level),
               .block_rows = rows_per_block(plans, common, stop - start)};
    if (mixed_open(&m))
        return -1;
    while (start < stop) {
        int64_t n = run_length(plan_ids, start, stop);
        if (n >= RUN_ROWS_MIN) {
            run_in_place(&m, start, start + n);
        } else {
            n = stop - start < m.block_rows ? stop - start : m.block_rows;
            run_block(&m, start, n);
        }
        start += n;
    }
    mixed_close(&m);
    return 0;
}
