-- The sub-ledger (bills and account entries) and the general ledger (entries and postings).
-- Amounts are minor units; debit is positive.

CREATE TABLE ledger_account (
    provider_id INTEGER NOT NULL,
    ledger_no INTEGER NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,                         -- asset, liability, income, expense
    PRIMARY KEY (provider_id, ledger_no),
    UNIQUE (provider_id, code)
);

CREATE TABLE entry (
    provider_id INTEGER NOT NULL,
    entry_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    kind SMALLINT NOT NULL,
    source TEXT NOT NULL,                       -- what was posted: a chunk, a load, a request
    reverses BIGINT NOT NULL,                   -- the entry that it undoes, or 0
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, entry_id),
    UNIQUE (provider_id, source)
);
CREATE INDEX entry_day ON entry (provider_id, day);
CREATE INDEX entry_recorded_at ON entry (provider_id, recorded_at);

CREATE TABLE posting (
    provider_id INTEGER NOT NULL,
    entry_id BIGINT NOT NULL,
    ledger_no INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (provider_id, entry_id, ledger_no)
);

-- The accounting months in which a provider has bills.
CREATE TABLE bill_month (
    provider_id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    PRIMARY KEY (provider_id, month)
);

-- A bill is its account's receivable entry and holds the closing balance. It never changes.
CREATE TABLE bill (
    month INTEGER NOT NULL,                     -- accounting month
    account_id BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    ordinal SMALLINT NOT NULL,
    version SMALLINT NOT NULL,
    bill_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,                   -- in the general ledger
    previous_day INTEGER NOT NULL,              -- the period (previous_day, this_day]
    this_day INTEGER NOT NULL,
    issued_day INTEGER NOT NULL,
    due_day INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    opening BIGINT NOT NULL,                    -- balance before it
    total BIGINT NOT NULL,                      -- what it charges
    closing BIGINT NOT NULL,                    -- opening + total
    lines BYTEA NOT NULL,                       -- packed, see core/billing/charges/packing.py
    inputs BYTEA NOT NULL,                      -- what it was rated from
    carried BYTEA NOT NULL,                     -- what the next bill needs: readings, states
    PRIMARY KEY (month, account_id, kind, ordinal, version)
) PARTITION BY LIST (month);

-- Every other change of what an account owes.
CREATE TABLE account_entry (
    account_id BIGINT NOT NULL,
    account_entry_id BIGINT NOT NULL,           -- computed from what it posts
    kind SMALLINT NOT NULL,
    day INTEGER NOT NULL,                       -- effective
    amount BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,                   -- in the general ledger
    reverses BIGINT NOT NULL,                   -- the account entry that it undoes, or 0
    reference TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, account_entry_id)
);
