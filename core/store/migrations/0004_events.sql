-- What happened (outbox) and who did it why (audit). Rows are written unnumbered in the
-- transaction that they tell of; the sequencer of a provider numbers and chains committed ones.

CREATE TABLE event_pending (
    provider_id INTEGER NOT NULL,
    event_id BIGINT NOT NULL,                   -- computed from what happened
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,                      -- JSON
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, event_id)
);

CREATE TABLE event (
    provider_id INTEGER NOT NULL,
    sequence BIGINT NOT NULL,                   -- 1, 2, 3, ... without a gap
    event_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, sequence),
    UNIQUE (provider_id, event_id)
);

CREATE TABLE audit_pending (
    provider_id INTEGER NOT NULL,
    audit_id BIGINT NOT NULL,
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,                        -- the person behind the client, as it says
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,                       -- JSON
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, audit_id)
);

-- hash = SHA-256 over the previous row's hash and this row's canonical bytes.
CREATE TABLE audit (
    provider_id INTEGER NOT NULL,
    sequence BIGINT NOT NULL,
    audit_id BIGINT NOT NULL,
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (provider_id, sequence),
    UNIQUE (provider_id, audit_id)
);

-- A bulk load: a file or a stream, cut into chunks that are claimed, done and counted once.
CREATE TABLE load (
    provider_id INTEGER NOT NULL,
    load_id BIGINT NOT NULL,                    -- computed from what is loaded
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    digest BYTEA NOT NULL,
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, load_id)
);

CREATE TABLE load_chunk (
    provider_id INTEGER NOT NULL,
    load_id BIGINT NOT NULL,
    chunk INTEGER NOT NULL,
    first_row BIGINT NOT NULL,
    row_count BIGINT NOT NULL,                  -- 0: the load ends here
    digest BYTEA NOT NULL,                      -- of its content
    accepted BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, load_id, chunk)
);

CREATE TABLE load_refusal (
    provider_id INTEGER NOT NULL,
    load_id BIGINT NOT NULL,
    row_no BIGINT NOT NULL,
    field TEXT NOT NULL,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (provider_id, load_id, row_no)
);
