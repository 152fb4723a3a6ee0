/* Running a program over a range of rows: which executor, and who redoes what. */
#include "rating_fast.h"

#include <stdlib.h>
#include <string.h>

#ifdef __x86_64__
static int processor_has(int level)
{
    __builtin_cpu_init();
    if (level == 4)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
static int processor_has(int level)
{
    (void)level;
    return 0;
}
#endif

const fast_level *level_of(int level)
{
    return level == 4 ? fast_level_v4() : level == 3 ? fast_level_v3() : fast_level_v1();
}

int rating_level_exists(int level)
{
    return level == 1 || ((level == 3 || level == 4) && level_of(level) && processor_has(level));
}

void rating_memory_only(const rating_columns *columns, int n_in, int n_out, int64_t start,
                        int64_t stop, int level)
{
    level_of(level)->memory_only(columns, n_in, n_out, start, stop);
}

static size_t aligned(size_t bytes)
{
    return (bytes + 63) & ~(size_t)63;
}

static int64_t opcode_for(int64_t opcode, const fast_site *site, const rating_columns *columns)
{
    if (opcode == FAST_IN64 && columns->in[site->column].is_int32)
        return FAST_IN32;
    if ((opcode == FAST_OUT || opcode == FAST_OUT_RAISED) && !columns->out[site->column])
        return FAST_SKIP;
    return opcode;
}

void link_fast(const fast_code *fast, const rating_columns *columns, const fast_level *level,
               fast_word *words, double *registers)
{
    const void *const *labels;
    level->run(NULL, 0, 0, &labels);
    memcpy(words, fast->words, (size_t)fast->n_words * sizeof *words);
    for (int32_t i = 0; i < fast->n_sites; i++) {
        const fast_site *site = &fast->sites[i];
        fast_word *word = words + site->at;
        const int64_t opcode = opcode_for(word[0].i, site, columns);
        if (opcode == FAST_IN64 || opcode == FAST_IN32)
            word[2].p = columns->in[site->column].data;
        else if (opcode == FAST_OUT || opcode == FAST_OUT_RAISED)
            word[2].out = columns->out[site->column];
        else if (site->raised && level->has_fma)
            word[2].d += (double)site->raised * MAGIC; /* exact, the encoder checked */
        word[0].p = labels[opcode];
    }
    for (int32_t i = 0; i < fast->n_registers_at; i++) {
        fast_word *word = words + fast->registers_at[i];
        word->out = registers + word->i * level->rows;
    }
}

void preload(const fast_code *fast, int rows, double *registers)
{
    for (int32_t i = 0; i < fast->n_constants; i++)
        for (int j = 0; j < rows; j++)
            *registers++ = fast->constants[i];
}

static workspace_size size_for(const rating_program *program, const fast_level *level)
{
    const fast_code *fast = level ? program->fast : NULL;
    workspace_size size = {.wide = aligned(wide_scratch_bytes(program))};
    if (fast) {
        size.words = aligned((size_t)fast->n_words * sizeof(fast_word));
        size.registers = (size_t)fast->n_registers * (size_t)level->rows * sizeof(double);
    }
    return size;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

void workspace_fit(workspace_size *size, const rating_program *program, const fast_level *level)
{
    workspace_size other = size_for(program, level);
    size->wide = larger(size->wide, other.wide);
    size->words = larger(size->words, other.words);
    size->registers = larger(size->registers, other.registers);
}

int workspace_open(workspace *space, workspace_size size)
{
    if (posix_memalign(&space->wide, 64, size.wide + size.words + size.registers + 64))
        return -1;
    space->words = (fast_word *)((char *)space->wide + size.wide);
    space->registers = (double *)((char *)space->words + size.words);
    space->fast = (fast_state){.flagged = space->flagged};
    return 0;
}

void workspace_close(workspace *space)
{
    free(space->wide);
}

static int inside_fast_limits(const rating_program *program, const rating_columns *columns,
                              int64_t row)
{
    for (int32_t j = 0; j < program->n_inputs; j++) {
        const int64_t v = column_value(&columns->in[j], row);
        if (v < program->fast->limits[j].lo || v > program->fast->limits[j].hi)
            return 0;
    }
    return 1;
}

/* The fast executor flags a whole lane of a step; of these, the rows that need it are redone. */
void redo_flagged(const rating_program *program, const rating_columns *columns, int64_t stop,
                  workspace *space)
{
    int n = 0;
    for (int i = 0; i < space->fast.n_flagged; i++) {
        const int64_t row = space->flagged[i];
        if (row < stop &&
            (program->fast->may_fail || !inside_fast_limits(program, columns, row)))
            space->flagged[n++] = row;
    }
    for (int i = 0; i < n; i += WIDE_CHUNK)
        wide_rows(program, columns, space->flagged + i, n - i < WIDE_CHUNK ? n - i : WIDE_CHUNK,
                  space->wide);
    space->fast.n_flagged = 0;
}

static void run_wide(const rating_program *program, const rating_columns *columns, int64_t start,
                     int64_t stop, void *scratch)
{
    int64_t rows[WIDE_CHUNK];
    while (start < stop) {
        int n = stop - start < WIDE_CHUNK ? (int)(stop - start) : WIDE_CHUNK;
        for (int i = 0; i < n; i++)
            rows[i] = start + i;
        wide_rows(program, columns, rows, n, scratch);
        start += n;
    }
}

/* Whole steps from `row` while they end at or before `stop`; returns the first row not done. */
static int64_t run_steps(const rating_program *program, const rating_columns *columns,
                         int64_t row, int64_t stop, const fast_level *level, workspace *space)
{
    while (row + level->rows <= stop) {
        row = level->run(&space->fast, row, stop, NULL);
        redo_flagged(program, columns, stop, space);
    }
    return row;
}

/* Whole steps; the last one begins earlier and repeats rows, which changes nothing. */
static void run_fast(const rating_program *program, const rating_columns *columns, int64_t start,
                     int64_t stop, const fast_level *level, workspace *space)
{
    link_fast(program->fast, columns, level, space->words, space->registers);
    space->fast.words = space->words;
    preload(program->fast, level->rows, space->registers);
    if (run_steps(program, columns, start, stop, level, space) < stop)
        run_steps(program, columns, stop - level->rows, stop, level, space);
}

void run_rows(const rating_program *program, const rating_columns *columns, int64_t start,
              int64_t stop, const fast_level *level, workspace *space)
{
    if (level && program->fast && stop - start >= level->rows)
        run_fast(program, columns, start, stop, level, space);
    else
        run_wide(program, columns, start, stop, space->wide);
}

int rating_run(const rating_program *program, const rating_columns *columns, int64_t start,
               int64_t stop, int level_number, int path)
{
    const fast_level *level = path == PATH_WIDE ? NULL : level_of(level_number);
    workspace space;
    workspace_size size = {0};
    workspace_fit(&size, program, level);
    if (workspace_open(&space, size))
        return -1;
    run_rows(program, columns, start, stop, level, &space);
    workspace_close(&space);
    return 0;
}
