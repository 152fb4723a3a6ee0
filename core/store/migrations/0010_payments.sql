-- Payments: the register of payment orders, what became of them, and money that is nobody's yet.
-- A payment's effect on its account is a row of account_entry. Rows never change, but for the state
-- of a reservation. `_at`: microseconds since 1970 in UTC.

-- What a payer wants paid first: 'bill:ID', 'service:NAME'; by which document the money came:
-- 'document:ID'; '': nothing was said.
-- strategy: the number of the provider's strategy by which a payment is allocated, 0: oldest first.
ALTER TABLE account_entry ADD COLUMN direction TEXT NOT NULL DEFAULT '';
ALTER TABLE account_entry ADD COLUMN strategy SMALLINT NOT NULL DEFAULT 0;

CREATE INDEX account_phone ON account (phone) WHERE phone <> '';

-- Its key is the identity of a payment; the columns up to `paid_at` are what was told.
CREATE TABLE payment_order (
    provider_id INTEGER NOT NULL,               -- 0: one act at several providers
    channel_no INTEGER NOT NULL,
    reference TEXT NOT NULL,                    -- the channel's own
    target_kind SMALLINT NOT NULL,              -- 0: see payment_part
    target TEXT NOT NULL,
    amount BIGINT NOT NULL,                     -- above 0
    fee BIGINT NOT NULL,                        -- what the channel took on top
    terminal_no INTEGER NOT NULL,               -- 0: none
    direction TEXT NOT NULL,
    paid_at BIGINT NOT NULL,                    -- by the payer, as told; 0: not told
    value_day INTEGER NOT NULL,                 -- as told; 0: not told
    payment_id BIGINT NOT NULL,                 -- computed; that of its account entry
    state SMALLINT NOT NULL,
    code SMALLINT NOT NULL,                     -- why it is in suspense
    account_id BIGINT NOT NULL,                 -- 0: in suspense, or several
    bill_id BIGINT NOT NULL,                    -- the bill that it names, or 0
    day INTEGER NOT NULL,                       -- effective
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no, reference)
);

-- The payments of an order that pays several accounts.
CREATE TABLE payment_part (
    provider_id INTEGER NOT NULL,               -- of the order
    channel_no INTEGER NOT NULL,
    reference TEXT NOT NULL,
    part_no INTEGER NOT NULL,
    part_provider_id INTEGER NOT NULL,
    target_kind SMALLINT NOT NULL,
    target TEXT NOT NULL,
    amount BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    state SMALLINT NOT NULL,
    code SMALLINT NOT NULL,
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    PRIMARY KEY (provider_id, channel_no, reference, part_no)
);

-- Money that was taken and is no account's; open is its amount less its moves.
CREATE TABLE suspense_item (
    provider_id INTEGER NOT NULL,
    payment_id BIGINT NOT NULL,
    order_provider_id INTEGER NOT NULL,         -- of the order's key
    channel_no INTEGER NOT NULL,
    reference TEXT NOT NULL,
    part_no INTEGER NOT NULL,                   -- 0: the whole order
    ledger TEXT NOT NULL,                       -- suspense, suspense_foreign
    amount BIGINT NOT NULL,
    day INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, payment_id)
);

CREATE TABLE suspense_move (
    provider_id INTEGER NOT NULL,
    payment_id BIGINT NOT NULL,
    move_no INTEGER NOT NULL,
    account_id BIGINT NOT NULL,                 -- 0: given back by a reversal
    account_entry_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    day INTEGER NOT NULL,
    entry_id BIGINT NOT NULL,                   -- in the general ledger
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, payment_id, move_no)
);

-- An order is reversed once, whole.
CREATE TABLE payment_reversal (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    reference TEXT NOT NULL,                    -- the channel's own, of the reversal
    payment_reference TEXT NOT NULL,            -- of the order
    reversal_id BIGINT NOT NULL,                -- computed
    kind SMALLINT NOT NULL,
    reason TEXT NOT NULL,
    day INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    charged BIGINT NOT NULL,                    -- the fee that the account was charged
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no, reference),
    UNIQUE (provider_id, channel_no, payment_reference)
);

CREATE TABLE reservation (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    reference TEXT NOT NULL,                    -- that of the order that will be
    target_kind SMALLINT NOT NULL,
    target TEXT NOT NULL,
    amount BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    terminal_no INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    state SMALLINT NOT NULL,                    -- reserved, confirmed, released
    expires_at BIGINT NOT NULL,
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no, reference)
);
CREATE INDEX reservation_account ON reservation (account_id, expires_at);

-- Every payment id that a bill was ever issued with: banks accept it for ever.
CREATE TABLE issued_document (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    payer_code BIGINT NOT NULL,                 -- the bill id, of a subscriber and service
    payment_code BIGINT NOT NULL,               -- the payment id, without leading zeros
    amount BIGINT NOT NULL,                     -- what it fixes
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id)
);
