-- Settlements: what channels pay at once, beside the credits of the provider's bank accounts. A bank
-- account is a channel of the kind bank_account whose terms say which one it is. Money in minor
-- units, days are ordinals.

-- What the reports of a business day tell without duplicates, as the day was last matched.
CREATE TABLE reported_day (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    day INTEGER NOT NULL,
    batch TEXT NOT NULL,                        -- as its lines name it, '': none
    line_count BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    fee BIGINT NOT NULL,                        -- what the channel keeps of it, by its terms
    PRIMARY KEY (provider_id, channel_no, day, batch)
);

-- Days, or a batch, that a channel pays at once, as they were last compared with the bank.
CREATE TABLE settlement (
    provider_id INTEGER NOT NULL,
    settlement_id BIGINT NOT NULL,              -- computed from channel, batch or first day
    channel_no INTEGER NOT NULL,
    bank_no INTEGER NOT NULL,                   -- the channel that is the bank account
    batch TEXT NOT NULL,                        -- '': a cycle of days
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    due_day INTEGER NOT NULL,
    line_count BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    paid BIGINT NOT NULL,                       -- what the bank booked of it
    charged BIGINT NOT NULL,                    -- what the bank kept of what the channel paid
    credit_day INTEGER NOT NULL,                -- of the last credit, 0: there is none
    kind SMALLINT NOT NULL,                     -- see core/reconciliation/breaks.py
    posted_bank BIGINT NOT NULL,                -- what its entries come to so far
    posted_fee BIGINT NOT NULL,
    posting_no INTEGER NOT NULL,                -- how many entries it has
    changed_at BIGINT NOT NULL,                 -- microseconds since 1970 in UTC
    PRIMARY KEY (provider_id, settlement_id)
);
CREATE INDEX settlement_channel ON settlement (provider_id, channel_no, last_day);
CREATE INDEX settlement_bank ON settlement (provider_id, bank_no, last_day);

-- Credits of a bank account, each once however many files tell it, and what they pay.
CREATE TABLE bank_credit (
    provider_id INTEGER NOT NULL,
    bank_no INTEGER NOT NULL,
    credit_id BIGINT NOT NULL,                  -- computed from what the bank tells of it
    day INTEGER NOT NULL,                       -- of booking
    file_no INTEGER NOT NULL,
    line_no INTEGER NOT NULL,                   -- of statement_line
    amount BIGINT NOT NULL,                     -- as booked
    charged BIGINT NOT NULL,                    -- what the bank kept
    settlement_id BIGINT NOT NULL,              -- 0: of none
    returns INTEGER NOT NULL,                   -- how often it left suspense for a settlement
    PRIMARY KEY (provider_id, bank_no, credit_id)
);
CREATE INDEX bank_credit_day ON bank_credit (provider_id, bank_no, day);
CREATE INDEX bank_credit_settlement ON bank_credit (provider_id, settlement_id);

-- Days whose report did not come in time: somebody was told, once.
CREATE TABLE report_alarm (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    day INTEGER NOT NULL,
    raised_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no, day)
);

CREATE INDEX recon_break_payment ON recon_break (provider_id, channel_no, payment_id);

-- What a customer paid several providers at once, as one of them sees it.
CREATE INDEX payment_part_day ON payment_part (part_provider_id, channel_no, day)
WHERE provider_id = 0;
