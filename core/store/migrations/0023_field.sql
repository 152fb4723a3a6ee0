-- Field work: collectors, routes and visits; devices with their chains of records, what these did.
-- Records, forks and receipts are only added. Days are ordinals, amounts minor units, `_at`
-- microseconds since 1970 in UTC but where seconds are named.

-- What goes for the agent of a channel of the kind field_device, beside what agents have.
CREATE TABLE collector (
    provider_id INTEGER NOT NULL,
    channel_no INTEGER NOT NULL,
    phone TEXT NOT NULL,                        -- on notices that are left
    warn_percent INTEGER NOT NULL,              -- of the float limit, from which devices warn
    cash_max BIGINT NOT NULL,                   -- of one payment; 0: no limit
    offline_minutes_max INTEGER NOT NULL,       -- 0: no limit, here and below
    snapshot_minutes_max INTEGER NOT NULL,      -- age of debts as shown
    grace_minutes INTEGER NOT NULL,             -- behind midnight, in which a shift may still end
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, channel_no)
);

CREATE TABLE field_route (
    provider_id INTEGER NOT NULL,
    route TEXT NOT NULL,                        -- its code
    name TEXT NOT NULL,
    area TEXT NOT NULL,
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, route)
);

CREATE TABLE field_stop (
    provider_id INTEGER NOT NULL,
    route TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    place INTEGER NOT NULL,                     -- 1, 2, 3, ... along the route
    PRIMARY KEY (provider_id, route, account_id)
);

CREATE TABLE field_assignment (
    provider_id INTEGER NOT NULL,
    assignment_no INTEGER NOT NULL,             -- 1, 2, 3, ... of the provider
    route TEXT NOT NULL,
    channel_no INTEGER NOT NULL,                -- the collector's
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    ended_at BIGINT NOT NULL,                   -- 0: not yet
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, assignment_no)
);

CREATE TABLE field_visit (
    provider_id INTEGER NOT NULL,
    assignment_no INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    place INTEGER NOT NULL,
    state SMALLINT NOT NULL,                    -- see core/collections/field/visits.py
    visits SMALLINT NOT NULL,
    appointment_at BIGINT NOT NULL,             -- seconds; 0: none
    case_no INTEGER NOT NULL,                   -- of a dispute; 0: none
    note TEXT NOT NULL,
    device_no INTEGER NOT NULL,                 -- whose record moved it last; 0: none did
    seq BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, assignment_no, account_id)
);

CREATE INDEX field_visit_account ON field_visit (account_id, assignment_no);

-- A device and where its chain and shift are.
CREATE TABLE field_device (
    provider_id INTEGER NOT NULL,
    device_no INTEGER NOT NULL,                 -- 1, 2, 3, ... of the provider
    channel_no INTEGER NOT NULL,                -- the collector's
    name TEXT NOT NULL,
    public_key BYTEA NOT NULL,                  -- Ed25519, 32 bytes
    state SMALLINT NOT NULL,                    -- see core/collections/field/devices.py
    why TEXT NOT NULL,                          -- it is locked or retired
    seq BIGINT NOT NULL,                        -- of the last record that has effect
    hash BYTEA NOT NULL,                        -- of that record
    allotted BIGINT NOT NULL,                   -- counters of receipts up to this are its own
    phase SMALLINT NOT NULL,                    -- of the shift: see core/collections/field/shift.py
    start_seq BIGINT NOT NULL,
    started_at BIGINT NOT NULL,                 -- seconds, as the two that follow
    snapshot_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,                    -- the latest time by the device's clock
    used BIGINT NOT NULL,                       -- the last counter of its receipts
    total BIGINT NOT NULL,                      -- cash of the shift
    receipts INTEGER NOT NULL,
    voids INTEGER NOT NULL,
    registered_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, device_no)
);

-- Every record of a chain, once. Behind a gap it waits; then state and outcome are written once.
CREATE TABLE field_record (
    provider_id INTEGER NOT NULL,
    device_no INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    kind SMALLINT NOT NULL,                     -- see core/collections/field/records.py
    line TEXT NOT NULL,
    signature BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    state SMALLINT NOT NULL,                    -- 1: has effect, 2: waits
    flags INTEGER NOT NULL,                     -- see core/collections/field/shift.py
    payment_id BIGINT NOT NULL,                 -- of a receipt of cash; 0: none
    surplus BIGINT NOT NULL,                    -- of it that no debt was left for
    case_no INTEGER NOT NULL,                   -- of a dispute; 0: none
    received_at BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,                   -- 0: it waits
    PRIMARY KEY (provider_id, device_no, seq)
);

-- What else was signed for a seq: evidence.
CREATE TABLE field_fork (
    provider_id INTEGER NOT NULL,
    device_no INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    line TEXT NOT NULL,
    signature BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, device_no, seq, hash)
);

CREATE TABLE field_receipt (
    provider_id INTEGER NOT NULL,
    number BIGINT NOT NULL,                     -- device * 10^10 + counter
    device_no INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    start_seq BIGINT NOT NULL,                  -- of the shift
    account_id BIGINT NOT NULL,                 -- 0: its money is in suspense, or it is a transfer's
    assignment_no INTEGER NOT NULL,             -- 0: off the route
    tender SMALLINT NOT NULL,
    amount BIGINT NOT NULL,
    debt BIGINT NOT NULL,                       -- as it was shown
    payment_id BIGINT NOT NULL,
    surplus BIGINT NOT NULL,                    -- above 0: a conflict, paid elsewhere meanwhile
    settlement SMALLINT NOT NULL,               -- see core/collections/field/conflicts.py
    case_no INTEGER NOT NULL,
    void_seq BIGINT NOT NULL,                   -- 0: it stands
    copies INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, number)
);

CREATE TABLE field_hand_in (
    provider_id INTEGER NOT NULL,
    device_no INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    channel_no INTEGER NOT NULL,
    total BIGINT NOT NULL,                      -- by the device
    receipts INTEGER NOT NULL,
    voids INTEGER NOT NULL,
    denominations TEXT NOT NULL,                -- as the collector counted
    declared BIGINT NOT NULL,                   -- what those sum to
    counted BIGINT NOT NULL,                    -- by the cashier
    shift_no INTEGER NOT NULL,                  -- of the agent, when it was confirmed
    confirmed_at BIGINT NOT NULL,               -- 0: not yet
    confirmed_by INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, device_no, seq)
);
