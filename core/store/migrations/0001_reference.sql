-- What is shared by all accounts of a provider, and who may call.
-- A day is a proleptic Gregorian ordinal (1 = 0001-01-01); `_at` is microseconds since 1970 in UTC.
-- No column is null: an open end is the day 2147483647, a text that is not known is ''.

CREATE TABLE provider (
    provider_id INTEGER NOT NULL PRIMARY KEY,   -- 1..4095; 0 is the house itself
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,                    -- IANA name
    currency TEXT NOT NULL,                     -- ISO 4217
    calendar TEXT NOT NULL,                     -- gregorian, jalali
    language TEXT NOT NULL,                     -- BCP 47
    policies TEXT NOT NULL,                     -- JSON, see core/accounts/policies.py
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL
);

-- How many ids of a kind were drawn: they are dense and never reused.
CREATE TABLE drawn (
    provider_id INTEGER NOT NULL,
    kind TEXT NOT NULL,                         -- account, customer, point, meter, ...
    last BIGINT NOT NULL,
    PRIMARY KEY (provider_id, kind)
);

-- The numbers that people see, unique per provider and kind.
CREATE TABLE number (
    provider_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (provider_id, kind, number)
);

CREATE TABLE client (
    client_id INTEGER NOT NULL PRIMARY KEY,
    provider_id INTEGER NOT NULL,               -- 0: every provider
    name TEXT NOT NULL UNIQUE,
    roles TEXT NOT NULL,                        -- words in order, one space between
    key_hash BYTEA NOT NULL UNIQUE,             -- SHA-256 of the secret
    enabled SMALLINT NOT NULL,
    recorded_at BIGINT NOT NULL
);

-- The first answer to every write, by the caller's request id.
CREATE TABLE request (
    client_id INTEGER NOT NULL,
    method TEXT NOT NULL,
    request_id TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (client_id, method, request_id)
);
CREATE INDEX request_recorded_at ON request (recorded_at);

CREATE TABLE tariff (
    provider_id INTEGER NOT NULL,               -- 0: for every provider
    tariff_no INTEGER NOT NULL,                 -- from 1; the house's from 2^24 + 1, so never both
    tariff TEXT NOT NULL,                       -- the document's id
    PRIMARY KEY (provider_id, tariff_no),
    UNIQUE (provider_id, tariff)
);

-- Published documents; a row never changes.
CREATE TABLE tariff_version (
    provider_id INTEGER NOT NULL,
    tariff_no INTEGER NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,                         -- of all that decides an amount
    content TEXT NOT NULL,                      -- digest of all that the document says
    from_day INTEGER NOT NULL,                  -- the first and last day that it can bill
    until_day INTEGER NOT NULL,
    document TEXT NOT NULL,
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, tariff_no, version),
    UNIQUE (provider_id, tariff_no, content)
);

-- What an agreement may say of itself, by name: persons, area, class, a benefit.
CREATE TABLE attribute (
    provider_id INTEGER NOT NULL,
    attribute_no INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,                         -- number, choice, flag
    unit TEXT NOT NULL,
    decimals INTEGER NOT NULL,
    PRIMARY KEY (provider_id, attribute_no),
    UNIQUE (provider_id, name)
);

CREATE TABLE attribute_word (
    provider_id INTEGER NOT NULL,
    attribute_no INTEGER NOT NULL,
    word_no INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (provider_id, attribute_no, word_no),
    UNIQUE (provider_id, attribute_no, word)
);

-- Which accounts are read and billed together.
CREATE TABLE cycle (
    provider_id INTEGER NOT NULL,
    cycle_no INTEGER NOT NULL,
    cycle TEXT NOT NULL,
    months INTEGER NOT NULL,                    -- from one bill to the next
    PRIMARY KEY (provider_id, cycle_no),
    UNIQUE (provider_id, cycle)
);

CREATE TABLE customer (
    customer_id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,                         -- person, organisation
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL
);

CREATE TABLE service_point (
    point_id BIGINT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    service TEXT NOT NULL,
    address TEXT NOT NULL,
    geographic_code TEXT NOT NULL,
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL
);

CREATE TABLE meter (
    meter_id BIGINT NOT NULL PRIMARY KEY,
    serial TEXT NOT NULL,
    model TEXT NOT NULL,
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL
);

-- What a meter counts. `digits` of its dial, `decimals` of them behind the point.
CREATE TABLE register (
    meter_id BIGINT NOT NULL,
    register_no INTEGER NOT NULL,
    quantity TEXT NOT NULL,                     -- the tariff's input that it feeds
    unit TEXT NOT NULL,
    digits INTEGER NOT NULL,
    decimals INTEGER NOT NULL,
    PRIMARY KEY (meter_id, register_no)
);
