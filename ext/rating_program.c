/* Making and freeing a program: storage, division constants, slots.
 * Non-goal: checking; rating.pyx has checked every number that arrives here. */
#include "rating.h"

#include <math.h>
#include <stdlib.h>

static void fast_free(fast_code *fast)
{
    if (!fast)
        return;
    free(fast->words);
    free(fast->sites);
    free(fast->registers_at);
    free(fast->constants);
    free(fast->limits);
    free(fast);
}

void program_free(rating_program *program)
{
    if (!program)
        return;
    fast_free(program->fast);
    free(program->declared);
    free(program->narrow);
    free(program->ops);
    free(program->outputs);
    free(program);
}

rating_program *program_new(int32_t n_inputs, int32_t n_ops, int32_t n_outputs)
{
    rating_program *program = calloc(1, sizeof *program);
    if (!program)
        return NULL;
    program->declared = calloc((size_t)n_inputs + 1, sizeof *program->declared);
    program->narrow = calloc((size_t)n_inputs + 1, sizeof *program->narrow);
    program->ops = calloc((size_t)n_ops + 1, sizeof *program->ops);
    program->outputs = calloc((size_t)n_outputs + 1, sizeof *program->outputs);
    program->n_inputs = n_inputs;
    program->n_ops = n_ops;
    program->n_outputs = n_outputs;
    if (program->declared && program->narrow && program->ops && program->outputs)
        return program;
    program_free(program);
    return NULL;
}

/* head: code, mode, a, b, c. */
void program_set_op(rating_program *program, int32_t i, const int32_t head[5], int64_t k_high,
                    uint64_t k_low)
{
    wide_op *op = &program->ops[i];
    op->code = (uint8_t)head[0];
    op->mode = (uint8_t)head[1];
    op->dst = i;
    op->a = head[2];
    op->b = head[3];
    op->c = head[4];
    op->k = (int128)(((uint128)(uint64_t)k_high << 64) | k_low);
}

/* Granlund and Montgomery, "Division by invariant integers" (1994), for 63-bit n:
 * with 2^(l-1) < d <= 2^l and magic = ceil(2^(63+l) / d) < 2^64, floor(n / d) is
 * n * magic >> (63 + l). l = 0 (d = 1) would need 2^63 >> -1, so d = 1 takes l = 1. */
static void set_magic(wide_op *op)
{
    uint64_t d = (uint64_t)op->k;
    int l = 1;
    while (l < 63 && ((uint64_t)1 << l) < d)
        l++;
    op->magic = (uint64_t)((((uint128)1 << (63 + l)) + d - 1) / d);
    op->shift = (uint8_t)(l - 1);
}

static int fits_int64(int128 k)
{
    return k == (int64_t)k;
}

static int constants_fit_int64(const rating_program *program)
{
    for (int32_t i = 0; i < program->n_ops; i++)
        if (!fits_int64(program->ops[i].k))
            return 0;
    return 1;
}

static int operands(const wide_op *op, int32_t regs[3])
{
    switch (op->code) {
    case WIDE_INPUT:
    case WIDE_CONST:
        return 0;
    case WIDE_MULK:
    case WIDE_ADDK:
    case WIDE_DIVK:
    case WIDE_FAIL:
        regs[0] = op->a;
        return 1;
    case WIDE_SELECT:
        regs[0] = op->a, regs[1] = op->b, regs[2] = op->c;
        return 3;
    default:
        regs[0] = op->a, regs[1] = op->b;
        return 2;
    }
}

static void find_last_uses(const rating_program *program, int32_t *last_use)
{
    int32_t regs[3];
    for (int32_t i = 0; i < program->n_ops; i++) {
        last_use[i] = i;
        for (int j = operands(&program->ops[i], regs); j-- > 0;)
            last_use[regs[j]] = i;
    }
    for (int32_t j = 0; j < program->n_outputs; j++)
        last_use[program->outputs[j]] = program->n_ops;
}

/* Linear scan: a register takes the slot of one that is not read any more, so that
 * the working set stays in cache. An op never writes the slot of its own operand,
 * so the loops may promise `restrict`. */
static void assign_slots(rating_program *program, int32_t *last_use, int32_t *slot_of,
                         int32_t *unused)
{
    int32_t regs[3], n_unused = 0;
    find_last_uses(program, last_use);
    for (int32_t i = 0; i < program->n_ops; i++) {
        wide_op *op = &program->ops[i];
        int n_regs = operands(op, regs);
        slot_of[i] = n_unused ? unused[--n_unused] : program->n_slots++;
        op->dst = slot_of[i];
        op->a = n_regs > 0 ? slot_of[op->a] : 0;
        op->b = n_regs > 1 ? slot_of[op->b] : 0;
        op->c = n_regs > 2 ? slot_of[op->c] : 0;
        for (int j = 0; j < n_regs; j++)
            if (last_use[regs[j]] == i) {
                unused[n_unused++] = slot_of[regs[j]];
                last_use[regs[j]] = -1; /* once, also where an op names it twice */
            }
        if (last_use[i] == i)
            unused[n_unused++] = slot_of[i];
    }
    for (int32_t j = 0; j < program->n_outputs; j++)
        program->outputs[j] = slot_of[program->outputs[j]];
}

int program_finish(rating_program *program, int has_narrow)
{
    size_t n = (size_t)program->n_ops + 1;
    int32_t *memory = malloc(3 * n * sizeof *memory);
    if (!memory)
        return -1;
    for (int32_t i = 0; i < program->n_ops; i++)
        if (program->ops[i].code == WIDE_DIVK && fits_int64(program->ops[i].k))
            set_magic(&program->ops[i]);
    assign_slots(program, memory, memory + n, memory + 2 * n);
    free(memory);
    if (!has_narrow || !constants_fit_int64(program)) {
        free(program->narrow);
        program->narrow = NULL;
    }
    return 0;
}

fast_code *program_add_fast(rating_program *program, int32_t n_words, int32_t n_sites,
                            int32_t n_registers_at, int32_t n_constants)
{
    fast_code *fast = program->fast = calloc(1, sizeof *fast);
    if (!fast)
        return NULL;
    fast->words = calloc((size_t)n_words + 1, sizeof *fast->words);
    fast->sites = calloc((size_t)n_sites + 1, sizeof *fast->sites);
    fast->registers_at = calloc((size_t)n_registers_at + 1, sizeof *fast->registers_at);
    fast->constants = calloc((size_t)n_constants + 1, sizeof *fast->constants);
    fast->limits = calloc((size_t)program->n_inputs + 1, sizeof *fast->limits);
    fast->n_words = n_words;
    fast->n_sites = n_sites;
    fast->n_registers_at = n_registers_at;
    fast->n_constants = n_constants;
    if (fast->words && fast->sites && fast->registers_at && fast->constants && fast->limits)
        return fast;
    return NULL;
}

/* The least double strictly above 1 / divisor: fma tells the side without rounding. */
double reciprocal_above(int64_t divisor)
{
    double d = (double)divisor, r = 1.0 / d;
    return fma(r, d, -1.0) > 0 ? r : nextafter(r, 2.0);
}
