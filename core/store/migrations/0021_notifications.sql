-- How people want to be told of their accounts, as they said it last and before.

-- Versions 1, 2, 3, ... of an account; the last one counts.
CREATE TABLE notification_preference (
    account_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    channel SMALLINT NOT NULL,                  -- 1 none, 2 sms, 3 e-mail
    language TEXT NOT NULL,                     -- a tag; '': the account's, else the provider's
    events INTEGER NOT NULL,                    -- bit n: of events of the kind n
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, version)
);
