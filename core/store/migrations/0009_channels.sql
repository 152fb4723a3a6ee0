-- Where payments come from: channels (a bank's counters, a wallet, a portal) and their terminals;
-- a client may be of one channel.

-- provider_id 0: the house's, which serves every provider. A code is a provider's or the house's,
-- never both.
CREATE TABLE channel (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,                -- from 1; the house's from 2^14 + 1, so never both
    channel TEXT NOT NULL,                      -- its code; never changes
    kind TEXT NOT NULL,                         -- see core/payments/channels.py
    name TEXT NOT NULL,
    enabled SMALLINT NOT NULL,                  -- 1, or 0: nothing new is paid through it
    policies TEXT NOT NULL,                     -- JSON, see core/payments/channel_policies.py
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no),
    UNIQUE (provider_id, channel)
);

-- A till, kiosk or device of a channel.
CREATE TABLE terminal (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    terminal_no INTEGER NOT NULL,               -- 1, 2, 3, ... of the channel
    terminal TEXT NOT NULL,                     -- its code; never changes
    place TEXT NOT NULL,
    enabled SMALLINT NOT NULL,
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no, terminal_no),
    UNIQUE (provider_id, channel_no, terminal)
);

-- The code of the one channel for which a client may post; '': every channel of its scope.
ALTER TABLE client ADD COLUMN channel TEXT NOT NULL DEFAULT '';
