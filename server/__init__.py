"""The edge: gRPC handlers, settings, telemetry and the command line.

What comes in: requests of `billcore.v1`. What goes out: responses, or a status from the one table
of errors. A handler converts, calls core, converts and returns; it decides nothing.
"""
