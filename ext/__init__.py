"""Native kernels: typed buffers in, typed buffers out.

What comes in: contiguous columns and a compiled program, checked by the caller. What goes out:
columns that the caller allocated, and a status. A kernel touches no Python object inside a loop,
does no I/O, allocates nothing that outlives the call, and imports nothing else of billcore.
Who checks: the door of each, the only module that may import it: `billcore.core.rating_kernel`,
`billcore.core.ids_kernel`, `billcore.core.hashes`, `billcore.core.ordered`,
`billcore.core.ledger.allocation.kernel`, `billcore.core.identifiers.bulk`,
and `billcore.core.store` for the row kernels.
"""
