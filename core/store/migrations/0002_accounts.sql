-- Account data: account_id leads or follows the month in every key, so that an account's rows lie
-- together, a range of accounts is a chunk, and the tables can be distributed by account.

CREATE TABLE account (
    account_id BIGINT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    customer_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    geographic_code TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    opened_day INTEGER NOT NULL,
    closed_day INTEGER NOT NULL,                -- the last day
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL
);
CREATE INDEX account_customer ON account (customer_id, account_id);

-- tariff_no and attributes are those of the last term: what most bills need, in one row.
CREATE TABLE agreement (
    account_id BIGINT NOT NULL,
    agreement_no INTEGER NOT NULL,
    point_id BIGINT NOT NULL,
    service TEXT NOT NULL,
    cycle_no INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,                 -- the last day
    tariff_no INTEGER NOT NULL,
    attributes BYTEA NOT NULL,                  -- pairs of int64: attribute_no, value
    changed_day INTEGER NOT NULL,               -- the last day on which tariff or attributes change
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, agreement_no)
);
CREATE INDEX agreement_point ON agreement (point_id, from_day);

CREATE TABLE agreement_term (
    account_id BIGINT NOT NULL,
    agreement_no INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,
    tariff_no INTEGER NOT NULL,
    PRIMARY KEY (account_id, agreement_no, from_day)
);

-- A value holds from its day until the next value's.
CREATE TABLE agreement_attribute (
    account_id BIGINT NOT NULL,
    agreement_no INTEGER NOT NULL,
    attribute_no INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    value BIGINT NOT NULL,                      -- scaled by the attribute's decimals; a word's number
    PRIMARY KEY (account_id, agreement_no, attribute_no, from_day)
);

-- A register at work for an agreement, with what turns its dial into usage. A new multiplier
-- or another meter is a new row that begins on the day on which the old one ends. Of a shared
-- meter, a row has the parts share_before+1 .. share_before+share of share_of.
CREATE TABLE installation (
    account_id BIGINT NOT NULL,
    agreement_no INTEGER NOT NULL,
    meter_id BIGINT NOT NULL,
    register_no INTEGER NOT NULL,
    from_day INTEGER NOT NULL,                  -- the day of its first reading
    until_day INTEGER NOT NULL,                 -- the day of its last reading
    quantity TEXT NOT NULL,                     -- the tariff's input that it feeds
    digits INTEGER NOT NULL,
    decimals INTEGER NOT NULL,
    multiplier BIGINT NOT NULL,                 -- x 10^multiplier_decimals
    multiplier_decimals INTEGER NOT NULL,
    share_before BIGINT NOT NULL,
    share BIGINT NOT NULL,
    share_of BIGINT NOT NULL,
    PRIMARY KEY (account_id, agreement_no, meter_id, register_no, from_day)
);
CREATE INDEX installation_meter ON installation (meter_id, from_day);

-- A row never changes: a corrected reading of the same day has the next version.
CREATE TABLE reading (
    month INTEGER NOT NULL,                     -- year x 12 + month - 1 of the day
    account_id BIGINT NOT NULL,
    meter_id BIGINT NOT NULL,
    register_no INTEGER NOT NULL,
    day INTEGER NOT NULL,
    version INTEGER NOT NULL,
    value BIGINT NOT NULL,                      -- the dial, without its decimal point
    source SMALLINT NOT NULL,
    status SMALLINT NOT NULL,
    findings INTEGER NOT NULL,                  -- bits, see core/metering/findings.py
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (month, account_id, meter_id, register_no, day, version)
) PARTITION BY LIST (month);

CREATE TABLE reading_decision (
    account_id BIGINT NOT NULL,
    meter_id BIGINT NOT NULL,
    register_no INTEGER NOT NULL,
    day INTEGER NOT NULL,
    version INTEGER NOT NULL,
    decision_no INTEGER NOT NULL,
    status SMALLINT NOT NULL,
    reason TEXT NOT NULL,
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, meter_id, register_no, day, version, decision_no)
);
