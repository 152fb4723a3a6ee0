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

static const fast_level *level_of(int level)
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

/* All memory of one call: the wide scratch, then the fast words and registers. */
typedef struct {
    void *memory, *wide;
    fast_state fast;
    int64_t flagged[FAST_FLAGGED_MAX];
} workspace;

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

/* The words with this level's labels and bias and this call's columns. */
static void link_fast(const fast_code *fast, const rating_columns *columns,
                      const fast_level *level, fast_word *words)
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
}

static void preload(const fast_code *fast, int rows, double *registers)
{
    for (int32_t i = 0; i < fast->n_constants; i++)
        for (int j = 0; j < rows; j++)
            *registers++ = fast->constants[i];
}

static int open_workspace(workspace *space, const rating_program *program,
                          const rating_columns *columns, const fast_level *level)
{
    const fast_code *fast = level ? program->fast : NULL;
    size_t wide = aligned(wide_scratch_bytes(program));
    size_t words = fast ? aligned((size_t)fast->n_words * sizeof(fast_word)) : 0;
    size_t registers = fast ? (size_t)fast->n_registers * (size_t)level->rows * 8 : 0;
    if (posix_memalign(&space->memory, 64, wide + words + registers + 64))
        return -1;
    space->wide = space->memory;
    if (!fast)
        return 0;
    fast_word *linked = (fast_word *)((char *)space->memory + wide);
    space->fast.words = linked;
    space->fast.registers = (char *)linked + words;
    space->fast.flagged = space->flagged;
    space->fast.n_flagged = 0;
    link_fast(fast, columns, level, linked);
    preload(fast, level->rows, (double *)space->fast.registers);
    return 0;
}

static void redo_flagged(const rating_program *program, const rating_columns *columns,
                         workspace *space)
{
    const int n_flagged = space->fast.n_flagged;
    for (int i = 0; i < n_flagged; i += WIDE_CHUNK) {
        int n = n_flagged - i < WIDE_CHUNK ? n_flagged - i : WIDE_CHUNK;
        wide_rows(program, columns, space->flagged + i, n, space->wide);
    }
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

/* Whole steps; the last one begins earlier and repeats rows, which changes nothing. */
static void run_fast(const rating_program *program, const rating_columns *columns, int64_t start,
                     int64_t stop, const fast_level *level, workspace *space)
{
    int64_t row = start;
    while (row + level->rows <= stop) {
        row = level->run(&space->fast, row, stop, NULL);
        redo_flagged(program, columns, space);
    }
    if (row < stop) {
        level->run(&space->fast, stop - level->rows, stop, NULL);
        redo_flagged(program, columns, space);
    }
}

int rating_run(const rating_program *program, const rating_columns *columns, int64_t start,
               int64_t stop, int level_number, int path)
{
    const fast_level *level = level_of(level_number);
    if (path == PATH_WIDE || !program->fast || stop - start < level->rows)
        level = NULL;
    workspace space;
    if (open_workspace(&space, program, columns, level))
        return -1;
    if (level)
        run_fast(program, columns, start, stop, level, &space);
    else
        run_wide(program, columns, start, stop, space.wide);
    free(space.memory);
    return 0;
}
