-- Cut-offs: what had come in of a month's bills by a day, as it was known when the day was fixed. Rows
-- are only added, but for `complete`. Amounts are minor units, `_at` microseconds since 1970 in UTC.

CREATE TABLE cut_off (
    provider_id INTEGER NOT NULL,
    month INTEGER NOT NULL,                     -- accounting month of the bills
    day INTEGER NOT NULL,                       -- documents effective up to its end count
    known_at BIGINT NOT NULL,                   -- what was recorded until then counts
    area_length INTEGER NOT NULL,               -- characters of the geographic code; 0: no areas
    class_attribute TEXT NOT NULL,              -- whose words are classes; '': no classes
    complete SMALLINT NOT NULL,                 -- 1: its figures are there
    client_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, month, day)
);

-- billed = received + transferred + written_off + credited + left_open
CREATE TABLE cut_off_figure (
    provider_id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    day INTEGER NOT NULL,
    area TEXT NOT NULL,                         -- as accounts were in it then
    class TEXT NOT NULL,
    bills BIGINT NOT NULL,
    settled BIGINT NOT NULL,                    -- bills of which nothing is open
    billed BIGINT NOT NULL,
    received BIGINT NOT NULL,
    transferred BIGINT NOT NULL,
    written_off BIGINT NOT NULL,
    credited BIGINT NOT NULL,
    left_open BIGINT NOT NULL,
    PRIMARY KEY (provider_id, month, day, area, class)
);
