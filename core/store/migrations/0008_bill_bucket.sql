-- When a month's last bill was recorded, by buckets of accounts: what is older than an account's
-- known bill need not be read to find a newer one. Whoever adds bills keeps it.
CREATE TABLE bill_bucket (
    bucket BIGINT NOT NULL,                     -- account_id >> 13
    month INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, month)
);

INSERT INTO bill_bucket (bucket, month, recorded_at)
SELECT account_id >> 13, month, MAX(recorded_at) FROM bill GROUP BY account_id >> 13, month;
