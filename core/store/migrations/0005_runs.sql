-- Runs: many bills as one object. What happened to a run is its list of steps, the last one is
-- its state; what was done is its list of chunks. Nothing of it is counted up in place.

CREATE TABLE run (
    provider_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,                    -- 1, 2, 3, ... of the provider
    simulated SMALLINT NOT NULL,                -- 1: it issues nothing
    orders TEXT NOT NULL,                       -- JSON, see core/billing/runs/order.py
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, run_id)
);

CREATE TABLE run_step (
    provider_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    step_no INTEGER NOT NULL,
    state SMALLINT NOT NULL,
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, run_id, step_no)
);

-- What was begun: a phase, or of one that was done before, another pass for what was left out.
CREATE TABLE run_pass (
    provider_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    phase SMALLINT NOT NULL,
    pass SMALLINT NOT NULL,
    until_day INTEGER NOT NULL,                 -- the last day of closing readings, or of reversal
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, run_id, phase, pass)
);

-- A pass of a phase is cut into ranges of accounts. The row is inserted first in the transaction
-- that does the chunk: it is the lock, the idempotency key and the control record.
CREATE TABLE run_chunk (
    provider_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    phase SMALLINT NOT NULL,
    pass SMALLINT NOT NULL,
    chunk INTEGER NOT NULL,
    first_account BIGINT NOT NULL,
    last_account BIGINT NOT NULL,
    bills INTEGER NOT NULL,                     -- rated, frozen or reversed
    held INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    total BIGINT NOT NULL,                      -- of the bills, minor units
    digest BYTEA NOT NULL,                      -- of the bills, see core/billing/runs/digest.py
    entry_id BIGINT NOT NULL,                   -- in the general ledger, or 0
    micros BIGINT NOT NULL,                     -- how long it took
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, run_id, phase, pass, chunk)
);

-- What a pass that somebody looks at before it is frozen made of a chunk.
CREATE TABLE run_result (
    provider_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    pass SMALLINT NOT NULL,
    chunk INTEGER NOT NULL,
    content BYTEA NOT NULL,                     -- packed, see core/billing/runs/packed.py
    PRIMARY KEY (provider_id, run_id, pass, chunk)
);

-- Accounts that a pass did not bill: refused (they cannot be) or held (somebody shall look).
CREATE TABLE run_exception (
    provider_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    pass SMALLINT NOT NULL,
    outcome SMALLINT NOT NULL,                  -- 0: refused, 1: held, 2: billed by this pass
    agreement_no INTEGER NOT NULL,              -- or 0
    rule TEXT NOT NULL,
    message TEXT NOT NULL,
    total BIGINT NOT NULL,                      -- of the held bill
    PRIMARY KEY (provider_id, run_id, account_id, pass)
);

-- What somebody decided about an account in a run; the last decision holds.
CREATE TABLE run_decision (
    provider_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    decision_no INTEGER NOT NULL,
    held SMALLINT NOT NULL,                     -- 1: held, 0: released
    reason TEXT NOT NULL,
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, run_id, account_id, decision_no)
);

-- Bills that no longer stand: a bill is cancelled at most once, by one credit note.
CREATE TABLE bill_correction (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,                    -- the bill that is cancelled
    credit_id BIGINT NOT NULL,                  -- the credit note that does so
    rebill_id BIGINT NOT NULL,                  -- the bill in its place, or 0
    correction_id BIGINT NOT NULL,              -- of all that was corrected together
    PRIMARY KEY (account_id, bill_id)
);

-- Why bills were corrected: one row for all that were corrected together.
CREATE TABLE correction (
    provider_id INTEGER NOT NULL,
    correction_id BIGINT NOT NULL,              -- computed from its source
    source TEXT NOT NULL,                       -- unique: a request, a run's chunk
    undoes BIGINT NOT NULL,                     -- the correction that it undoes, or 0
    reason_code TEXT NOT NULL,
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL,                     -- JSON list of references
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, correction_id)
);
