-- Keys that end, keys that were replaced, clients of one terminal. `_at`: microseconds since 1970 in UTC.

-- The code of the one terminal of its channel at which a client may post; '': every one.
ALTER TABLE client ADD COLUMN terminal TEXT NOT NULL DEFAULT '';

-- From then on no key of the client is good; 0: they do not end.
ALTER TABLE client ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;

-- The key that the last rotation of a client replaced.
CREATE TABLE replaced_key (
    client_id INTEGER NOT NULL PRIMARY KEY,
    key_hash BYTEA NOT NULL,                    -- SHA-256 of the secret
    good_until BIGINT NOT NULL                  -- from then on it is refused
);
