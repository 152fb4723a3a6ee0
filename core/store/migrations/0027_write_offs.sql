-- Debts that are given up, and money that came for them later. Rows are only added. Amounts are minor
-- units, days ordinals, `_at` microseconds since 1970 in UTC.

CREATE TABLE write_off (
    account_id BIGINT NOT NULL,
    write_off_no INTEGER NOT NULL,              -- 1, 2, 3, ... of the account
    total BIGINT NOT NULL,
    reason_code TEXT NOT NULL,
    client_id INTEGER NOT NULL,                 -- who proposed it
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, write_off_no)
);

-- What is given up of which item.
CREATE TABLE write_off_item (
    account_id BIGINT NOT NULL,
    write_off_no INTEGER NOT NULL,
    item_id BIGINT NOT NULL,
    is_bill SMALLINT NOT NULL,                  -- 0: an account entry
    amount BIGINT NOT NULL,
    PRIMARY KEY (account_id, write_off_no, item_id)
);

-- What became of it; the last step but recoveries says where it is.
CREATE TABLE write_off_step (
    account_id BIGINT NOT NULL,
    write_off_no INTEGER NOT NULL,
    step_no INTEGER NOT NULL,                   -- from 1
    kind SMALLINT NOT NULL,                     -- see core/collections/write_offs/reading.py, StepKind
    day INTEGER NOT NULL,
    amount BIGINT NOT NULL,                     -- that was posted, or 0
    account_entry_id BIGINT NOT NULL,           -- of a recovery, or 0
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, write_off_no, step_no)
);
