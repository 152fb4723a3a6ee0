-- One-off bills, and accounts of one address whose bills are shown together.

-- What a one-off bill stands for; bills without a reference have no row.
CREATE TABLE bill_reference (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (account_id, bill_id)
);

-- provider_id: whose group it is; the house's (0) may have accounts of several providers.
CREATE TABLE account_group (
    provider_id INTEGER NOT NULL,
    group_no INTEGER NOT NULL,                  -- 1, 2, 3, ... of the owner
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    revision INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, group_no)
);

-- Of an owner's groups an account is in at most one on a day.
CREATE TABLE group_member (
    provider_id INTEGER NOT NULL,
    group_no INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,                 -- the last day
    PRIMARY KEY (provider_id, group_no, account_id, from_day)
);
CREATE INDEX group_member_account ON group_member (provider_id, account_id);

-- A consolidated bill shows bills of a group together. It is never posted and never changes.
CREATE TABLE consolidated_bill (
    provider_id INTEGER NOT NULL,
    consolidated_no INTEGER NOT NULL,           -- 1, 2, 3, ... of the owner
    group_no INTEGER NOT NULL,
    day INTEGER NOT NULL,                       -- up to which bills were issued and debt counted
    name TEXT NOT NULL,                         -- of the group, as it was then
    address TEXT NOT NULL,
    currency TEXT NOT NULL,
    total BIGINT NOT NULL,                      -- of the bills that it names, minor units
    owed BIGINT NOT NULL,                       -- by the members, minor units
    client_id INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, consolidated_no)
);
CREATE INDEX consolidated_bill_group ON consolidated_bill (provider_id, group_no);

-- A member of the group on the day: its last bill, if no consolidated bill of the owner named it.
CREATE TABLE consolidated_item (
    provider_id INTEGER NOT NULL,
    consolidated_no INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,                    -- or 0: it has no new bill
    total BIGINT NOT NULL,                      -- of the bill
    owed BIGINT NOT NULL,                       -- by the account on the day
    known_at BIGINT NOT NULL,                   -- what was recorded until then is counted
    PRIMARY KEY (provider_id, consolidated_no, account_id)
);
CREATE INDEX consolidated_item_account ON consolidated_item (provider_id, account_id, bill_id);
