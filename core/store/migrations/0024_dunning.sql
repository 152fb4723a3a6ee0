-- Dunning: policies, what was done by them, accounts that are in it, pauses. Amounts are minor units,
-- days ordinals, `_at` microseconds since 1970 in UTC.

-- A policy as it is now; every revision of it stays in dunning_policy_revision.
CREATE TABLE dunning_policy (
    provider_id INTEGER NOT NULL,
    policy TEXT NOT NULL,                       -- its name
    definition TEXT NOT NULL,                   -- JSON, see core/collections/dunning/policy.py
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, policy)
);

CREATE TABLE dunning_policy_revision (
    provider_id INTEGER NOT NULL,
    policy TEXT NOT NULL,
    revision INTEGER NOT NULL,
    definition TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, policy, revision)
);

-- What was done, a step of an episode each: its levels one after another, then its end. Only added.
CREATE TABLE dunning_action (
    account_id BIGINT NOT NULL,
    action_no INTEGER NOT NULL,                 -- 1, 2, 3, ... of the account
    episode INTEGER NOT NULL,                   -- 1, 2, 3, ... of the account
    level INTEGER NOT NULL,                     -- of the policy, from 1; 0: the end
    signal INTEGER NOT NULL,                    -- see core/collections/dunning/policy.py, Signal
    day INTEGER NOT NULL,
    debt BIGINT NOT NULL,                       -- it is about so much; at the end 0
    overdue BIGINT NOT NULL,                    -- with what is in dispute or on its way
    in_flight BIGINT NOT NULL,                  -- what is on its way: debits, reservations
    oldest_due_day INTEGER NOT NULL,            -- of the debt; 0: there is none
    about_day INTEGER NOT NULL,                 -- the episode is about what was due until then
    policy TEXT NOT NULL,                       -- '': the end, when no policy fitted any more
    revision INTEGER NOT NULL,
    charge BIGINT NOT NULL,                     -- with its tax; 0: none
    tax BIGINT NOT NULL,
    account_entry_id BIGINT NOT NULL,           -- of the charge, or 0
    known_at BIGINT NOT NULL,                   -- what was posted until then counted
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, action_no),
    UNIQUE (account_id, episode, level)         -- nothing is done twice
);

-- Accounts that were ever dunned, as their last action left them.
CREATE TABLE dunning (
    account_id BIGINT NOT NULL,
    action_no INTEGER NOT NULL,
    episode INTEGER NOT NULL,
    level INTEGER NOT NULL,                     -- 0: no episode is open
    signal INTEGER NOT NULL,
    day INTEGER NOT NULL,
    about_day INTEGER NOT NULL,
    PRIMARY KEY (account_id)
);

-- Days on which nothing is done about an account. One that is changed has the next version.
CREATE TABLE dunning_pause (
    account_id BIGINT NOT NULL,
    source TEXT NOT NULL,                       -- what pauses: a promise, a case
    version INTEGER NOT NULL,
    reason_code TEXT NOT NULL,                  -- one of the policy's
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,                 -- the last day; before from_day: it never was
    reason TEXT NOT NULL,
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, source, version)
);
