-- Direct debit: what payers allowed (mandates), what is collected by it (debits), the files of it
-- (batches out, results in). Steps, versions and files are only added. Days are ordinals, amounts
-- minor units, `_at` microseconds since 1970 in UTC.

-- How a provider collects through a channel.
CREATE TABLE debit_terms (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    terms TEXT NOT NULL,                        -- JSON, see core/collections/direct_debit/terms.py
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no)
);

-- Pairs of fixed-format files that are not shipped.
CREATE TABLE debit_format (
    provider_id INTEGER NOT NULL,
    format TEXT NOT NULL,
    definition TEXT NOT NULL,                   -- YAML, see core/collections/direct_debit/formats.py
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, format)
);

CREATE TABLE mandate (
    provider_id INTEGER NOT NULL,
    mandate_no INTEGER NOT NULL,                -- 1, 2, 3, ... of the provider
    creditor_id TEXT NOT NULL,
    umr TEXT NOT NULL,                          -- unique mandate reference
    account_id BIGINT NOT NULL,
    channel_no INTEGER NOT NULL,
    scheme SMALLINT NOT NULL,
    one_off SMALLINT NOT NULL,                  -- 1: for one collection
    signed_day INTEGER NOT NULL,
    amount_max BIGINT NOT NULL,                 -- of one debit; 0: no limit
    state SMALLINT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, mandate_no),
    UNIQUE (provider_id, creditor_id, umr)
);
CREATE INDEX mandate_account ON mandate (account_id);
CREATE UNIQUE INDEX mandate_active ON mandate (account_id, channel_no) WHERE state = 3;

-- What a mandate was, and who changed it why.
CREATE TABLE mandate_version (
    provider_id INTEGER NOT NULL,
    mandate_no INTEGER NOT NULL,
    version INTEGER NOT NULL,                   -- 1, 2, 3, ...
    state SMALLINT NOT NULL,
    amount_max BIGINT NOT NULL,
    debtor_version INTEGER NOT NULL,
    reason TEXT NOT NULL,
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, mandate_no, version)
);

-- Who is debited: the personal data of direct debit is here and nowhere else. The last version counts.
CREATE TABLE mandate_debtor (
    provider_id INTEGER NOT NULL,
    mandate_no INTEGER NOT NULL,
    debtor_version INTEGER NOT NULL,            -- 1, 2, 3, ...
    name TEXT NOT NULL,
    iban TEXT NOT NULL,                         -- '': see bank_account
    bic TEXT NOT NULL,
    bank_account TEXT NOT NULL,                 -- domestic
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, mandate_no, debtor_version)
);

-- The columns from `state` on are those of its last step. Its other indexes begin with what tells debits
-- apart: a provider has all of them.
CREATE TABLE debit (
    provider_id INTEGER NOT NULL,
    debit_no INTEGER NOT NULL,                  -- 1, 2, 3, ... of the provider
    end_to_end_id TEXT NOT NULL,
    mandate_no INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    channel_no INTEGER NOT NULL,
    scheme SMALLINT NOT NULL,
    collection_day INTEGER NOT NULL,
    retry_of INTEGER NOT NULL,                  -- the debit that failed; 0: none
    attempt SMALLINT NOT NULL,                  -- 1, 2, 3
    planned BIGINT NOT NULL,                    -- what was open as it was planned
    state SMALLINT NOT NULL,
    step_no INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    batch_no INTEGER NOT NULL,                  -- 0: none
    sequence SMALLINT NOT NULL,                 -- first, recurrent, one-off, final; 0: not known yet
    code TEXT NOT NULL,                         -- why it failed; ''
    day INTEGER NOT NULL,
    collected_day INTEGER NOT NULL,             -- 0: it was not
    until_day INTEGER NOT NULL,                 -- the last day on which it is contingent; 0
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, debit_no),
    UNIQUE (end_to_end_id)
);
-- A mandate is used once a day; 12: withdrawn.
CREATE UNIQUE INDEX debit_once ON debit (mandate_no, collection_day, provider_id) WHERE state <> 12;
CREATE INDEX debit_of_mandate ON debit (mandate_no);
CREATE INDEX debit_waiting ON debit (state, channel_no, collection_day);
CREATE INDEX debit_of_batch ON debit (batch_no);
CREATE INDEX debit_account ON debit (account_id);
CREATE INDEX debit_contingent ON debit (until_day) WHERE state = 7;
CREATE INDEX debit_retry ON debit (retry_of) WHERE retry_of <> 0;

CREATE TABLE debit_step (
    provider_id INTEGER NOT NULL,
    debit_no INTEGER NOT NULL,
    step_no INTEGER NOT NULL,                   -- 1, 2, 3, ... of the debit
    move_no BIGINT NOT NULL,                    -- of all steps that were made at once
    was SMALLINT NOT NULL,                      -- the state before; 0: the first step
    state SMALLINT NOT NULL,
    day INTEGER NOT NULL,                       -- on which it was so
    amount BIGINT NOT NULL,
    batch_no INTEGER NOT NULL,
    sequence SMALLINT NOT NULL,
    code TEXT NOT NULL,
    until_day INTEGER NOT NULL,
    result_no INTEGER NOT NULL,                 -- the file that told it; 0: none
    line INTEGER NOT NULL,                      -- of that file
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, debit_no, step_no)
);
CREATE INDEX debit_step_move ON debit_step (move_no);

CREATE TABLE debit_batch (
    provider_id INTEGER NOT NULL,
    batch_no INTEGER NOT NULL,                  -- 1, 2, 3, ... of the provider
    channel_no INTEGER NOT NULL,
    scheme SMALLINT NOT NULL,
    collection_day INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    state SMALLINT NOT NULL,
    format TEXT NOT NULL,
    debits INTEGER NOT NULL,                    -- NbOfTxs
    amount BIGINT NOT NULL,                     -- CtrlSum
    digest BYTEA NOT NULL,                      -- SHA-256 of the file
    bytes BIGINT NOT NULL,
    sealed_at BIGINT NOT NULL,                  -- 0: it is not
    sent_day INTEGER NOT NULL,                  -- 0: it was not
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, batch_no),
    UNIQUE (provider_id, message_id)
);
-- One batch of a channel, scheme and day is open; 1: open.
CREATE UNIQUE INDEX debit_batch_open ON debit_batch (provider_id, channel_no, scheme, collection_day)
WHERE state = 1;

-- The file of a sealed batch, in parts.
CREATE TABLE debit_batch_part (
    provider_id INTEGER NOT NULL,
    batch_no INTEGER NOT NULL,
    part_no INTEGER NOT NULL,                   -- 1, 2, 3, ...
    content BYTEA NOT NULL,
    PRIMARY KEY (provider_id, batch_no, part_no)
);

-- A file of results that was taken in; the same content again changes nothing.
CREATE TABLE debit_result (
    provider_id INTEGER NOT NULL,
    result_no INTEGER NOT NULL,                 -- 1, 2, 3, ... of the provider
    channel_no INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,                      -- SHA-256 of the content
    format TEXT NOT NULL,
    line_count INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    collected INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    repeated INTEGER NOT NULL,                  -- told before, by another file
    unknown INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, result_no),
    UNIQUE (provider_id, channel_no, digest)
);

-- What it tells of debits that are not there.
CREATE TABLE debit_result_unknown (
    provider_id INTEGER NOT NULL,
    result_no INTEGER NOT NULL,
    line INTEGER NOT NULL,
    end_to_end_id TEXT NOT NULL,
    amount BIGINT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (provider_id, result_no, line, end_to_end_id)
);
