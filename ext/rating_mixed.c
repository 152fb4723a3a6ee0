/* Rows of many plans: long runs of one plan in place, the rest sorted by plan in blocks.
 *
 * A block fits the second-level cache. Its rows are counted per plan, its columns copied
 * to local ones in the order of plans (sequential reads, scattered writes that stay in
 * cache), each plan's rows run there, and the results copied back. A plan's last step
 * may run on into the rows of the next plan, which is run later, or into the padding. */
#include "rating_fast.h"

#include <stdlib.h>
#include <string.h>

enum {
    RUN_ROWS_MIN = 512,         /* from here on a run of one plan is run in place */
    BLOCK_BYTES = 768 * 1024,
    BLOCK_ROWS_MIN = 1 << 12,
    BLOCK_ROWS_MAX = 1 << 16,
    ROWS_PER_PLAN_WANTED = 64,  /* a step of the fast executor, or much of it is wasted */
    PADDING_ROWS = 256,
};

typedef struct {
    const rating_plans *plans;
    const rating_columns *common;
    const int32_t *ids;
    const fast_level *level;
    workspace space;
    int64_t block_rows;
    int32_t *count, *first, *present; /* per plan: rows in the block, where they begin */
    int32_t n_present;
    int32_t *place;                  /* per row of the block: its local row */
    in_column *in, *plan_in;         /* local columns; a program's view of columns */
    int64_t **out, **plan_out;
    uint8_t *status;
    void *memory;
} mixed;

static int64_t rows_per_block(const rating_plans *plans, const rating_columns *common)
{
    int64_t bytes = 1 + (int64_t)sizeof(int32_t) + 8 * plans->n_outputs;
    for (int32_t j = 0; j < plans->n_inputs; j++)
        bytes += common->in[j].is_int32 ? 4 : 8;
    int64_t rows = BLOCK_BYTES / bytes, wanted = (int64_t)plans->n_plans * ROWS_PER_PLAN_WANTED;
    rows = rows < wanted ? wanted : rows;
    rows = rows < BLOCK_ROWS_MIN ? BLOCK_ROWS_MIN : rows > BLOCK_ROWS_MAX ? BLOCK_ROWS_MAX : rows;
    return rows;
}

/* Hands out aligned pieces of memory; with base NULL it only measures. */
static void *piece(char *base, size_t *used, size_t bytes)
{
    void *at = base ? base + *used : NULL;
    *used += (bytes + 63) & ~(size_t)63;
    return at;
}

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
    m->first = piece(base, &used, (n_plans + 1) * sizeof(int32_t));
    m->present = piece(base, &used, (n_plans + 2) * sizeof(int32_t));
    m->place = piece(base, &used, rows * sizeof(int32_t));
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
    return used;
}

static int mixed_open(mixed *m)
{
    workspace_size size = {0};
    for (int32_t p = 0; p < m->plans->n_plans; p++)
        workspace_fit(&size, m->plans->plans[p].program, m->level);
    if (workspace_open(&m->space, size))
        return -1;
    const size_t bytes = lay_out(m, NULL);
    if (posix_memalign(&m->memory, 64, bytes + 64)) {
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

/* Rows start..stop of one plan, in these columns. */
static void run_plan(mixed *m, int32_t id, const in_column *in, int64_t *const *out,
                     uint8_t *status, int64_t start, int64_t stop, int padded)
{
    const rating_plan *plan = &m->plans->plans[id];
    const rating_program *program = plan->program;
    for (int32_t j = 0; j < program->n_inputs; j++)
        m->plan_in[j] = in[plan->in_map[j]];
    for (int32_t j = 0; j < program->n_outputs; j++)
        m->plan_out[j] = plan->out_map[j] < 0 ? NULL : out[plan->out_map[j]];
    const rating_columns columns = {m->plan_in, m->plan_out, status};
    run_rows(program, &columns, start, stop, m->level, padded, &m->space);
    for (int32_t j = 0; j < m->plans->n_outputs; j++)
        if (!plan->shows[j] && out[j])
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

/* Counts the rows of each plan; `place` becomes a row's rank within its plan. */
static void count_plans(mixed *m, int64_t start, int64_t n)
{
    const int32_t *restrict ids = m->ids + start;
    int32_t *restrict count = m->count, *restrict present = m->present, *restrict rank = m->place;
    const uint32_t n_plans = (uint32_t)m->plans->n_plans;
    int32_t n_present = 0, at = 0;
    for (int64_t i = 0; i < n; i++) {
        const int32_t bucket = bucket_of(ids[i], n_plans);
        present[n_present] = bucket;
        n_present += count[bucket] == 0;
        rank[i] = count[bucket]++;
    }
    for (int32_t i = 0; i < n_present; i++) {
        m->first[present[i]] = at;
        at += count[present[i]];
    }
    m->n_present = n_present;
}

static void place_rows(mixed *m, int64_t start, int64_t n)
{
    const int32_t *restrict ids = m->ids + start, *restrict first = m->first;
    int32_t *restrict place = m->place;
    const uint32_t n_plans = (uint32_t)m->plans->n_plans;
    for (int64_t i = 0; i < n; i++)
        place[i] += first[bucket_of(ids[i], n_plans)];
}

static void scatter_64(const int64_t *restrict from, const int32_t *restrict place,
                       int64_t *restrict to, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        to[place[i]] = from[i];
}

static void scatter_32(const int32_t *restrict from, const int32_t *restrict place,
                       int32_t *restrict to, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        to[place[i]] = from[i];
}

static void gather_64(const int64_t *restrict from, const int32_t *restrict place,
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

/* Plans in the order of their places, for a plan's last step writes beyond its rows. */
static void run_block(mixed *m, int64_t start, int64_t n)
{
    count_plans(m, start, n);
    place_rows(m, start, n);
    copy_in(m, start, n);
    for (int32_t i = 0; i < m->n_present; i++) {
        const int32_t id = m->present[i];
        const int64_t first = m->first[id], stop = first + m->count[id];
        if (id < m->plans->n_plans)
            run_plan(m, id, m->in, m->out, m->status, first, stop, 1);
        else
            refuse(m->out, m->status, m->plans->n_outputs, first, stop);
        m->count[id] = 0;
    }
    copy_out(m, start, n);
}

static void run_in_place(mixed *m, int64_t start, int64_t stop)
{
    const int32_t id = m->ids[start];
    if (is_known(m, id))
        run_plan(m, id, m->common->in, m->common->out, m->common->status, start, stop, 0);
    else
        refuse(m->common->out, m->common->status, m->plans->n_outputs, start, stop);
}

int rating_run_mixed(const rating_plans *plans, const int32_t *plan_ids,
                     const rating_columns *common, int64_t start, int64_t stop, int level,
                     int path)
{
    mixed m = {.plans = plans, .common = common, .ids = plan_ids,
               .level = path == PATH_WIDE ? NULL : level_of(level),
               .block_rows = rows_per_block(plans, common)};
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
