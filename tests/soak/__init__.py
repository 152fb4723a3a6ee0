"""Everything at once while something dies: see README.md here."""

import os

# Servers are started while clients call; gRPC reads it when it is imported.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")
