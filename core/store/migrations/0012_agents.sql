-- Agents: who takes cash for us through a channel of the kind agent, and the cash that they hold.

-- What it holds is kept in its row: a limit is enforced against it, payment by payment.
CREATE TABLE agent (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,                -- its channel, of the kind agent; it has no other
    name TEXT NOT NULL,
    float_limit BIGINT NOT NULL,                -- it may hold so much cash
    commission_fixed BIGINT NOT NULL,           -- a payment
    commission_per_10000 INTEGER NOT NULL,      -- of what is paid
    held BIGINT NOT NULL,                       -- the sum of its rows of agent_cash
    shift_no INTEGER NOT NULL,                  -- the shift that is open, or that will be next
    is_open SMALLINT NOT NULL,                  -- 1, or 0: no shift is open
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no)
);

CREATE TABLE agent_shift (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    shift_no INTEGER NOT NULL,                  -- 1, 2, 3, ... of the agent
    opened_at BIGINT NOT NULL,
    opened_by INTEGER NOT NULL,                 -- the client
    closed_at BIGINT NOT NULL,                  -- 0: open
    closed_by INTEGER NOT NULL,
    expected BIGINT NOT NULL,                   -- the float when it was closed
    counted BIGINT NOT NULL,                    -- what was handed over then
    PRIMARY KEY (provider_id, channel_no, shift_no)
);

-- The sub-ledger of a cash float. What comes in while no shift is open belongs to the next one.
CREATE TABLE agent_cash (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    shift_no INTEGER NOT NULL,
    kind SMALLINT NOT NULL,                     -- see core/payments/agents/floats.py
    reference TEXT NOT NULL,                    -- of the payment, reversal, sale; a request's id
    amount BIGINT NOT NULL,                     -- what the float is more by
    commission BIGINT NOT NULL,                 -- what the agent earned by it
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no, shift_no, kind, reference)
);
