-- Corrections are found by what they undo, and what they did by their number.

CREATE INDEX bill_correction_of ON bill_correction (correction_id);

CREATE INDEX correction_undoes ON correction (provider_id, undoes);
