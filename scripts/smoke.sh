#!/usr/bin/env bash
# Proves that an installed billcore works away from its sources:  scripts/smoke.sh VENV/bin
set -euo pipefail
bin=$(cd "$1" && pwd)
cd "$(mktemp -d)"

"$bin/python" - <<'PY'
import importlib.resources

import billcore.core
import billcore.core.rating_kernel
import billcore.ext.rating
import billcore.server
import billcore.v1

tariffs = [f.name for f in importlib.resources.files("billcore.tariffs").iterdir()]
assert any(name.endswith(".yaml") for name in tariffs), tariffs
assert "site-packages" in billcore.core.__file__, billcore.core.__file__
print("smoke: kernel levels", *billcore.core.rating_kernel.levels())
PY
"$bin/billcore" --help >/dev/null
echo "smoke: passed"
