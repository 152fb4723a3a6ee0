#!/usr/bin/env bash
# Known vulnerabilities of the packages that are installed: pip-audit asks PyPI's database of
# advisories. It wants that network, so it is no part of .ci/run; a package about which it learns
# nothing fails it, so that silence is no good news. First, without a network: do they fit together?
set -euo pipefail
cd "$(dirname "$0")/.."
pins=$(mktemp)
trap 'rm -f "$pins"' EXIT

.venv/bin/pip check
.venv/bin/pip freeze --exclude-editable | grep -E '^[A-Za-z0-9._-]+==' >"$pins"
[ -x .venv/audit/bin/pip-audit ] || {
    .venv/bin/python -m venv .venv/audit
    .venv/audit/bin/pip install --quiet pip-audit
}
.venv/audit/bin/pip-audit --strict --no-deps --disable-pip -r "$pins"
