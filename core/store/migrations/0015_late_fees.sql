-- Late fees: what they are computed from (reference rates, rules, holds), and what was charged. Rows
-- are only added. Rates are per million, amounts minor units, `_at` microseconds since 1970 in UTC.

-- A rate that was told again for the same day has the next version; the last one counts.
CREATE TABLE reference_rate (
    provider_id INTEGER NOT NULL,
    series TEXT NOT NULL,
    from_day INTEGER NOT NULL,                  -- it counts from that day on
    version INTEGER NOT NULL,
    per_million BIGINT NOT NULL,
    source TEXT NOT NULL,                       -- who told it
    source_day INTEGER NOT NULL,                -- and when
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, series, from_day, version)
);

-- A rule as it was when something was charged by it.
CREATE TABLE late_fee_rule (
    provider_id INTEGER NOT NULL,
    rule_id BIGINT NOT NULL,                    -- computed from the text
    rule TEXT NOT NULL,                         -- JSON, see core/accounts/late_fees.py
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, rule_id)
);

CREATE TABLE late_fee_assessment (
    provider_id INTEGER NOT NULL,
    assessment_id INTEGER NOT NULL,             -- 1, 2, 3, ... of the provider
    until_day INTEGER NOT NULL,                 -- fees are computed up to that day
    first_account BIGINT NOT NULL,
    last_account BIGINT NOT NULL,
    chunk_accounts INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, assessment_id)
);

-- A range of accounts that is assessed: the row is the lock, the idempotency key and the control
-- record, written first in the transaction that does the chunk.
CREATE TABLE late_fee_chunk (
    provider_id INTEGER NOT NULL,
    assessment_id INTEGER NOT NULL,
    chunk INTEGER NOT NULL,                     -- from 1
    first_account BIGINT NOT NULL,
    last_account BIGINT NOT NULL,
    items INTEGER NOT NULL,                     -- that were late
    charges INTEGER NOT NULL,
    charged BIGINT NOT NULL,
    credits INTEGER NOT NULL,
    credited BIGINT NOT NULL,                   -- below 0, or 0
    known_at BIGINT NOT NULL,                   -- what was recorded until then counted
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, assessment_id, chunk)
);

-- What an assessment charged or credited for an item: an account entry each.
CREATE TABLE late_fee (
    account_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,                    -- the bill or account entry that was late
    account_entry_id BIGINT NOT NULL,           -- of the fee, or of the credit
    assessment_id INTEGER NOT NULL,
    rule_id BIGINT NOT NULL,                    -- 0: a credit of an item that no rule fits, or is late, any more
    credits BIGINT NOT NULL,                    -- the account entry of the fee that it lowers, or 0
    amount BIGINT NOT NULL,                     -- below 0: a credit
    fee BIGINT NOT NULL,                        -- of the item up to the day, of which it is the difference
    debt BIGINT NOT NULL,                       -- what of the item was open on that day
    PRIMARY KEY (account_id, item_id, account_entry_id)
);

-- Amounts in dispute, for which the clock stands still. A hold that is changed has the next version.
CREATE TABLE late_fee_hold (
    account_id BIGINT NOT NULL,
    source TEXT NOT NULL,                       -- what holds: a case, a request
    version INTEGER NOT NULL,
    item_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,                     -- 0: the whole item
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,                 -- the last day; before from_day: it never was
    reason TEXT NOT NULL,
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, source, version)
);
