"""One handler file a service; each handler: convert, call, convert, return."""
