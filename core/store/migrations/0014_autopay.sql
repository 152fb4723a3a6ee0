-- Automatic payment: accounts that are paid through a channel when their bills are due, and the
-- reminders that were sent before. Debits and mandates are not here.

-- One row an account: what was agreed last.
CREATE TABLE autopay (
    account_id BIGINT NOT NULL,
    channel_no INTEGER NOT NULL,
    remind_days SMALLINT NOT NULL,              -- so many days before a bill is due
    amount_max BIGINT NOT NULL,                 -- of one debit; 0: no limit
    enabled SMALLINT NOT NULL,                  -- 1, or 0: it was ended
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id)
);

-- A bill is reminded of once; the row and its event are written together.
CREATE TABLE autopay_reminder (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    channel_no INTEGER NOT NULL,
    day INTEGER NOT NULL,                       -- for which it was reminded
    due_day INTEGER NOT NULL,                   -- of the bill
    amount BIGINT NOT NULL,                     -- to be debited: what is open, at most the limit
    open BIGINT NOT NULL,                       -- what of the bill was open then
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id)
);
