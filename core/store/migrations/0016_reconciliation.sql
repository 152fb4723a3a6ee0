-- What channels and banks say they took: their files with every line, the terms that channels are
-- reconciled by, the days that are, and what differs. Lines never change. `_at`: microseconds since
-- 1970 in UTC; money is signed: what was taken back is below 0.

CREATE INDEX payment_reversal_day ON payment_reversal (provider_id, channel_no, day);

-- How a provider reconciles a channel, its own or the house's.
CREATE TABLE channel_terms (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    terms TEXT NOT NULL,                        -- JSON, see core/reconciliation/terms.py
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no)
);

-- What reports look like that are not shipped.
CREATE TABLE report_format (
    provider_id INTEGER NOT NULL,
    format TEXT NOT NULL,
    definition TEXT NOT NULL,                   -- YAML, see core/reconciliation/files/definition.py
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, format)
);

-- A file of a channel or a bank. It counts from its last chunk on (state complete).
CREATE TABLE channel_file (
    provider_id INTEGER NOT NULL,
    file_no INTEGER NOT NULL,                   -- 1, 2, 3, ... of the provider
    kind SMALLINT NOT NULL,                     -- report, statement
    channel_no INTEGER NOT NULL,                -- 0: a statement's
    name TEXT NOT NULL,
    sequence_no INTEGER NOT NULL,               -- as told, 0: none
    version INTEGER NOT NULL,                   -- 1, 2, 3, ... of what has this name and number
    digest BYTEA NOT NULL,                      -- SHA-256 of the content
    format TEXT NOT NULL,
    definition BYTEA NOT NULL,                  -- SHA-256 of a report's definition, or empty
    day INTEGER NOT NULL,                       -- a report's business day
    line_count INTEGER NOT NULL,
    amount BIGINT NOT NULL,                     -- the sum of its lines
    loaded INTEGER NOT NULL,                    -- so many lines are kept
    state SMALLINT NOT NULL,                    -- loading, complete, replaced
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, file_no),
    UNIQUE (provider_id, channel_no, name, sequence_no, digest),
    UNIQUE (provider_id, channel_no, name, sequence_no, version)
);
CREATE INDEX channel_file_day ON channel_file (provider_id, channel_no, day);

-- In the order of payments, so that a day is joined by merging.
CREATE TABLE report_line (
    provider_id INTEGER NOT NULL,
    file_no INTEGER NOT NULL,
    payment_id BIGINT NOT NULL,                 -- that the channel's reference has or would have
    line INTEGER NOT NULL,                      -- in the file, from 1
    kind SMALLINT NOT NULL,                     -- payment, reversal
    reference TEXT NOT NULL,
    target TEXT NOT NULL,
    amount BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    paid_at BIGINT NOT NULL,                    -- 0: not told
    day INTEGER NOT NULL,                       -- of the file's time zone
    terminal TEXT NOT NULL,
    batch TEXT NOT NULL,
    PRIMARY KEY (provider_id, file_no, payment_id, line)
);

-- What a bank tells of one account, in a file that may tell of several.
CREATE TABLE bank_statement (
    provider_id INTEGER NOT NULL,
    file_no INTEGER NOT NULL,
    statement_no INTEGER NOT NULL,              -- in the file, from 1
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    statement TEXT NOT NULL,                    -- the bank's id of it
    sequence_no BIGINT NOT NULL,                -- the bank's count, 0: none
    format TEXT NOT NULL,
    from_day INTEGER NOT NULL,                  -- 0: not told, and so on
    until_day INTEGER NOT NULL,
    balanced SMALLINT NOT NULL,                 -- 1, or 0: it has no balances
    opening BIGINT NOT NULL,
    closing BIGINT NOT NULL,
    pending INTEGER NOT NULL,                   -- entries that are not booked yet
    PRIMARY KEY (provider_id, file_no, statement_no)
);
CREATE INDEX bank_statement_account ON bank_statement (provider_id, account, sequence_no);

CREATE TABLE statement_line (
    provider_id INTEGER NOT NULL,
    file_no INTEGER NOT NULL,
    line_no INTEGER NOT NULL,                   -- 1, 2, 3, ... of the file
    statement_no INTEGER NOT NULL,
    line INTEGER NOT NULL,                      -- of the text of the file
    kind SMALLINT NOT NULL,
    reference TEXT NOT NULL,
    target TEXT NOT NULL,
    amount BIGINT NOT NULL,                     -- before the fee
    fee BIGINT NOT NULL,                        -- what the bank kept of it
    day INTEGER NOT NULL,
    value_day INTEGER NOT NULL,
    batch TEXT NOT NULL,
    count INTEGER NOT NULL,                     -- how many transactions it stands for
    end_to_end TEXT NOT NULL,
    mandate TEXT NOT NULL,
    return_code TEXT NOT NULL,
    payer TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (provider_id, file_no, line_no)
);

-- A business day of a channel, as it was last matched. What is matched is no row: it is what is left
-- of the day's payments and lines beside its breaks.
CREATE TABLE recon_day (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    day INTEGER NOT NULL,
    match_no INTEGER NOT NULL,                  -- 1, 2, 3, ...: how often it was matched
    state SMALLINT NOT NULL,                    -- open, closed
    stale SMALLINT NOT NULL,                    -- 1: files came since
    files INTEGER NOT NULL,                     -- reports of the day
    ledger_count BIGINT NOT NULL,
    ledger_amount BIGINT NOT NULL,
    report_count BIGINT NOT NULL,
    report_amount BIGINT NOT NULL,
    matched_count BIGINT NOT NULL,              -- pairs without a break
    matched_amount BIGINT NOT NULL,
    cancelled_count BIGINT NOT NULL,            -- our flows that nobody told and that undo each other
    date_diff_count BIGINT NOT NULL,            -- pairs of which ours is of another day
    break_count BIGINT NOT NULL,                -- that stand
    break_amount BIGINT NOT NULL,               -- ledger_amount less report_amount
    digest BYTEA NOT NULL,                      -- of all of it
    matched_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,                  -- 0: not closed
    PRIMARY KEY (provider_id, channel_no, day)
);

CREATE TABLE recon_break (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    day INTEGER NOT NULL,
    break_id BIGINT NOT NULL,                   -- computed from what it is about
    kind SMALLINT NOT NULL,                     -- see core/reconciliation/breaks.py
    flags SMALLINT NOT NULL,
    payment_id BIGINT NOT NULL,
    reference TEXT NOT NULL,
    target TEXT NOT NULL,                       -- as the report tells it, else as we were told
    account_id BIGINT NOT NULL,                 -- ours, 0: none
    file_no INTEGER NOT NULL,                   -- 0: no line tells it
    line INTEGER NOT NULL,
    ledger_amount BIGINT NOT NULL,
    report_amount BIGINT NOT NULL,
    state SMALLINT NOT NULL,                    -- open, accepted, resolved
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no, day, break_id)
);

-- What people decided about breaks; rows never change.
CREATE TABLE break_decision (
    provider_id INTEGER NOT NULL,
    break_id BIGINT NOT NULL,
    decision_no INTEGER NOT NULL,               -- 1, 2, 3, ... of the break
    decision SMALLINT NOT NULL,                 -- accept, reopen
    kind SMALLINT NOT NULL,                     -- what was decided about
    difference BIGINT NOT NULL,
    reason TEXT NOT NULL,
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, break_id, decision_no)
);
