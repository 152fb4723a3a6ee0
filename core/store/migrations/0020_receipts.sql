-- Receipts: numbered without gaps, proved by a code; every print of one is a row of its own.

-- What a receipt says beside is computed from its payment; a row never changes.
CREATE TABLE receipt (
    provider_id INTEGER NOT NULL,
    number BIGINT NOT NULL,                     -- 1, 2, 3, ... of the provider
    channel_no INTEGER NOT NULL,                -- of the payment order, with its reference
    reference TEXT NOT NULL,
    part_no INTEGER NOT NULL,                   -- of an order of several payments; 0: the only one
    account_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    paid_at BIGINT NOT NULL,
    content TEXT NOT NULL,                      -- see core/documents/verification.py
    key_id TEXT NOT NULL,                       -- of the key of its code, which is not kept here
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, number),
    UNIQUE (provider_id, payment_id)
);

CREATE TABLE receipt_copy (
    provider_id INTEGER NOT NULL,
    number BIGINT NOT NULL,
    copy_no INTEGER NOT NULL,                   -- 0: the original
    recipient TEXT NOT NULL,                    -- to whom it went, as was said
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, number, copy_no)
);

-- Wrong codes, counted by receipt and by client.
CREATE TABLE receipt_guard (
    provider_id INTEGER NOT NULL,
    kind SMALLINT NOT NULL,                     -- see core/enquiries/documents/guard.py
    subject BIGINT NOT NULL,                    -- the number or the client_id
    failures INTEGER NOT NULL,                  -- since then
    since BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,               -- 0: never was
    PRIMARY KEY (provider_id, kind, subject)
);
