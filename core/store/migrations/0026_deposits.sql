-- Security deposits of accounts. Rows are only added. Amounts are minor units, days ordinals, `_at`
-- microseconds since 1970 in UTC.

CREATE TABLE deposit (
    account_id BIGINT NOT NULL,
    deposit_no INTEGER NOT NULL,                -- 1, 2, 3, ... of the account
    amount BIGINT NOT NULL,                     -- that is asked for
    due_day INTEGER NOT NULL,
    account_entry_id BIGINT NOT NULL,           -- that asks for it
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, deposit_no)
);

-- What became of the money.
CREATE TABLE deposit_move (
    account_id BIGINT NOT NULL,
    deposit_no INTEGER NOT NULL,
    move_no INTEGER NOT NULL,                   -- from 1
    kind SMALLINT NOT NULL,                     -- 1 set off, 2 refunded, 3 interest, 4 cancelled
    day INTEGER NOT NULL,                       -- of interest: up to its end
    amount BIGINT NOT NULL,                     -- of interest: credited, below 0: taken back
    account_entry_id BIGINT NOT NULL,           -- 0: refunded, or several
    interest BIGINT NOT NULL,                   -- of interest: all of it up to the day
    rule TEXT NOT NULL,                         -- of interest: as it was, see core/accounts/late_fees.py
    known_at BIGINT NOT NULL,                   -- of interest: what was recorded until then counted
    client_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, deposit_no, move_no)
);
