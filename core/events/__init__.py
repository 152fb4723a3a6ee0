"""What happened (outbox), who did it and why (audit): written with the write, numbered later."""
