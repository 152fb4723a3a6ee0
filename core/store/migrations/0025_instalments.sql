-- Plans of instalments: which debts of an account are paid by which parts on which days. Rows are only
-- added. Amounts are minor units, days ordinals, `_at` microseconds since 1970 in UTC.

CREATE TABLE instalment_plan (
    account_id BIGINT NOT NULL,
    plan_no INTEGER NOT NULL,                   -- 1, 2, 3, ... of the account
    total BIGINT NOT NULL,                      -- of its items, and of its instalments
    client_id INTEGER NOT NULL,                 -- who proposed it
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, plan_no)
);

-- What it covers: open items, with what was open of each.
CREATE TABLE instalment_item (
    account_id BIGINT NOT NULL,
    plan_no INTEGER NOT NULL,
    item_id BIGINT NOT NULL,
    is_bill SMALLINT NOT NULL,                  -- 0: an account entry
    amount BIGINT NOT NULL,
    PRIMARY KEY (account_id, plan_no, item_id)
);

CREATE TABLE instalment (
    account_id BIGINT NOT NULL,
    plan_no INTEGER NOT NULL,
    instalment_no INTEGER NOT NULL,             -- from 1
    due_day INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (account_id, plan_no, instalment_no)
);

-- What became of it; the last step says where it is.
CREATE TABLE instalment_step (
    account_id BIGINT NOT NULL,
    plan_no INTEGER NOT NULL,
    step_no INTEGER NOT NULL,                   -- from 1
    state SMALLINT NOT NULL,                    -- see core/collections/instalments/states.py
    day INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, plan_no, step_no)
);
