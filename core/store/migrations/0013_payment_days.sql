-- A channel's payments by effective day, in the order in which they were kept: registers, reports.
CREATE INDEX payment_order_day ON payment_order
    (provider_id, channel_no, day, recorded_at, reference);
