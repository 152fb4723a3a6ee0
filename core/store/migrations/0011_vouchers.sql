-- Vouchers: prepaid cards made in batches, sold, redeemed once. Of a secret only a keyed hash is kept.

-- Its vouchers are numbered first_no .. first_no + vouchers - 1.
CREATE TABLE voucher_batch (
    provider_id INTEGER NOT NULL,
    batch_no INTEGER NOT NULL,                  -- 1, 2, 3, ... of the provider
    first_no BIGINT NOT NULL,
    vouchers INTEGER NOT NULL,
    face_value BIGINT NOT NULL,                 -- of each, above 0
    valid_until INTEGER NOT NULL,               -- the last day, as printed
    grace_days INTEGER NOT NULL,                -- and so much longer one is still redeemed
    key_id TEXT NOT NULL,                       -- of the key of its hashes, which is not kept here
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, batch_no)
);

CREATE TABLE voucher (
    provider_id INTEGER NOT NULL,
    voucher_no BIGINT NOT NULL,                 -- the serial without its check digit
    batch_no INTEGER NOT NULL,
    secret_hash BYTEA NOT NULL,                 -- HMAC-SHA-256, see core/payments/vouchers/secret.py
    state SMALLINT NOT NULL,
    was SMALLINT NOT NULL,                      -- the state before it was blocked or expired; 0: neither
    PRIMARY KEY (provider_id, voucher_no)
);

-- A sale; its key is as that of a payment.
CREATE TABLE voucher_sale (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,                -- of the seller
    reference TEXT NOT NULL,
    first_no BIGINT NOT NULL,
    last_no BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    day INTEGER NOT NULL,
    entry_id BIGINT NOT NULL,                   -- in the general ledger
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no, reference)
);
CREATE INDEX voucher_sale_range ON voucher_sale (provider_id, first_no);

-- Which payment order redeemed which voucher.
CREATE TABLE voucher_redemption (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    reference TEXT NOT NULL,
    voucher_no BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no, reference),
    UNIQUE (provider_id, voucher_no)
);

-- Wrong secrets, counted by account and by channel.
CREATE TABLE voucher_guard (
    provider_id INTEGER NOT NULL,
    kind SMALLINT NOT NULL,                     -- see core/payments/vouchers/guard.py
    subject BIGINT NOT NULL,                    -- the account_id or channel_no
    failures INTEGER NOT NULL,                  -- since then
    since BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,               -- 0: never was
    PRIMARY KEY (provider_id, kind, subject)
);
