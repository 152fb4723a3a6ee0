"""The Prometheus figures of a server, a module for each part of it; `telemetry.Metrics` has all."""
