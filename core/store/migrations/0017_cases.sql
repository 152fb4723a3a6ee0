-- Correction cases: what a customer says about a payment, what was found, posted and told. Amounts
-- are minor units, `_at` microseconds since 1970 in UTC, days ordinals.

-- Money of a posted payment that was moved to another account: two legs, undone together.
CREATE TABLE payment_move (
    provider_id INTEGER NOT NULL,
    payment_id BIGINT NOT NULL,
    move_no INTEGER NOT NULL,
    from_account_id BIGINT NOT NULL,            -- to which the payment was posted
    from_entry_id BIGINT NOT NULL,              -- its account entry, a debit
    to_account_id BIGINT NOT NULL,
    to_entry_id BIGINT NOT NULL,                -- its account entry, a credit
    amount BIGINT NOT NULL,
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, payment_id, move_no)
);

CREATE TABLE correction_case (
    provider_id INTEGER NOT NULL,
    case_no INTEGER NOT NULL,                   -- 1, 2, 3, ... of the provider
    kind SMALLINT NOT NULL,
    account_id BIGINT NOT NULL,                 -- of who complains
    channel TEXT NOT NULL,                      -- how it came: web, call_centre, ...
    state SMALLINT NOT NULL,                    -- that of the last event
    events INTEGER NOT NULL,                    -- how many there are
    round INTEGER NOT NULL,                     -- 1, and one more each time it begins again
    reopened INTEGER NOT NULL,                  -- how often it was reopened
    held_item BIGINT NOT NULL,                  -- the item whose late fees stand still, 0: none do
    waits_until INTEGER NOT NULL,               -- the last day of the channel's way, 0: it waits for none
    letter TEXT NOT NULL,                       -- of the letter to finance
    registered_at BIGINT NOT NULL,
    limit_at BIGINT NOT NULL,                   -- microseconds that the clock of the round allows
    due_at BIGINT NOT NULL,                     -- when they have run out, without pauses
    paused_at BIGINT NOT NULL,                  -- 0: it runs
    stopped_at BIGINT NOT NULL,                 -- 0: it was not
    warned INTEGER NOT NULL,                    -- percent of the clock that was warned of last
    changed_at BIGINT NOT NULL,
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (provider_id, case_no)
);
CREATE INDEX correction_case_state ON correction_case (provider_id, state, case_no);
CREATE INDEX correction_case_account ON correction_case (account_id, case_no);

-- Only added.
CREATE TABLE case_event (
    provider_id INTEGER NOT NULL,
    case_no INTEGER NOT NULL,
    event_no INTEGER NOT NULL,
    from_state SMALLINT NOT NULL,               -- 0: it was registered
    to_state SMALLINT NOT NULL,
    reason TEXT NOT NULL,
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, case_no, event_no)
);

CREATE TABLE case_evidence (
    provider_id INTEGER NOT NULL,
    case_no INTEGER NOT NULL,
    evidence_no INTEGER NOT NULL,
    kind SMALLINT NOT NULL,
    digest BYTEA NOT NULL,                      -- SHA-256 of the content
    media_type TEXT NOT NULL,                   -- '': what was told has no content
    size INTEGER NOT NULL,                      -- bytes
    taken_at BIGINT NOT NULL,                   -- 0: not told
    channel TEXT NOT NULL,                      -- how it came
    payer_code BIGINT NOT NULL,                 -- the bill id on it, 0: none
    payment_code BIGINT NOT NULL,               -- the payment id on it, 0: none
    amount BIGINT NOT NULL,                     -- 0: none
    paid_at BIGINT NOT NULL,                    -- 0: none
    trace TEXT NOT NULL,                        -- the reference that the bank gave
    paid_channel TEXT NOT NULL,                 -- through which it was paid, '': not known
    pan_last4 TEXT NOT NULL,                    -- of the card
    keep_until INTEGER NOT NULL,                -- the last day of retention
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, case_no, evidence_no)
);

-- What was handed in, apart from the books.
CREATE TABLE case_evidence_content (
    provider_id INTEGER NOT NULL,
    case_no INTEGER NOT NULL,
    evidence_no INTEGER NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (provider_id, case_no, evidence_no)
);

-- What a piece of evidence claims founds one case.
CREATE TABLE case_claim (
    provider_id INTEGER NOT NULL,
    payer_code BIGINT NOT NULL,
    payment_code BIGINT NOT NULL,
    trace TEXT NOT NULL,
    case_no INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, payer_code, payment_code, trace)
);

CREATE TABLE case_finding (
    provider_id INTEGER NOT NULL,
    case_no INTEGER NOT NULL,
    finding_no INTEGER NOT NULL,
    outcome SMALLINT NOT NULL,                  -- the state that it leads to
    waits_until INTEGER NOT NULL,
    facts TEXT NOT NULL,                        -- JSON, see core/cases/facts.py
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, case_no, finding_no)
);

CREATE TABLE case_proposal (
    provider_id INTEGER NOT NULL,
    case_no INTEGER NOT NULL,
    proposal_no INTEGER NOT NULL,
    plan TEXT NOT NULL,                         -- JSON, see core/cases/plans.py
    amount BIGINT NOT NULL,                     -- money that it moves
    correct_from BIGINT NOT NULL,               -- not before: who loses is told first
    reason_code TEXT NOT NULL,
    refund SMALLINT NOT NULL,                   -- 1: what was paid twice is paid back
    provisional SMALLINT NOT NULL,              -- 1: credit until the money is there
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    approver_id INTEGER NOT NULL,               -- the client that approved, 0: nobody did
    approver TEXT NOT NULL,
    approved_at BIGINT NOT NULL,                -- 0: it is not
    PRIMARY KEY (provider_id, case_no, proposal_no)
);

-- What was posted, a step a row.
CREATE TABLE case_correction (
    provider_id INTEGER NOT NULL,
    case_no INTEGER NOT NULL,
    correction_no INTEGER NOT NULL,
    proposal_no INTEGER NOT NULL,
    kind SMALLINT NOT NULL,
    account_id BIGINT NOT NULL,                 -- credited, or whose bill it is
    account_entry_id BIGINT NOT NULL,
    other_account_id BIGINT NOT NULL,           -- of a transfer: debited
    other_entry_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,                 -- whose money was moved
    move_no INTEGER NOT NULL,
    correction_id BIGINT NOT NULL,              -- of a bill that was issued again
    bill_id BIGINT NOT NULL,
    rebill_id BIGINT NOT NULL,
    code_before BIGINT NOT NULL,                -- payment ids, 0: none
    code_after BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    undone_at BIGINT NOT NULL,                  -- 0: it stands
    undone_entry_id BIGINT NOT NULL,            -- the account entry that takes it back
    undone_correction_id BIGINT NOT NULL,       -- the correction of bills that does
    PRIMARY KEY (provider_id, case_no, correction_no)
);
