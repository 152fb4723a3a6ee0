-- How late the bills of a month are, by buckets of accounts: to find an account's last bills, only
-- months that can hold later ones than those found already need be read. Whoever adds bills keeps it.
CREATE TABLE bill_bucket (
    bucket BIGINT NOT NULL,                     -- account_id >> 13
    month INTEGER NOT NULL,                     -- accounting month
    recorded_at BIGINT NOT NULL,                -- the latest of its bills
    this_day BIGINT NOT NULL,                   -- the latest of its bills
    PRIMARY KEY (bucket, month)
);

INSERT INTO bill_bucket (bucket, month, recorded_at, this_day)
SELECT account_id >> 13, month, MAX(recorded_at), MAX(this_day) FROM bill
GROUP BY account_id >> 13, month;
