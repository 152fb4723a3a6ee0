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
tariffs=$("$bin/python" -c '
import importlib.resources
print(next(importlib.resources.files("billcore.tariffs").iterdir()).parent)')
"$bin/billcore" schema >schema.json
"$bin/billcore" tariff check "$tariffs"/*.yaml | tail -n 1
printf 'previous,this,m3\n2017-05-14,2018-04-20,10\n' >bills.csv
"$bin/billcore" rate "$tariffs/ir-mehrab-water.yaml" bills.csv -o out.parquet
"$bin/billcore" rate "$tariffs/ir-mehrab-water.yaml" bills.csv | grep -q 925331
"$bin/python" -m billcore.server.demo --accounts 1000 | tail -n 2 # servers, printed bills, runs
echo "smoke: passed"
