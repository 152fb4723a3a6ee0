#!/usr/bin/env bash
# Lints the contract with buf (STANDARD rules, buf.yaml), which npm installs into node_modules, and
# compares it with proto/baseline.binpb, which clients may have been made from: nothing that is there
# may go, move or change its type. `scripts/buf_lint.sh --baseline` makes that image anew; do so when
# a release adds to the contract, and for a breaking change only with its own line in CHANGELOG.md.
set -euo pipefail
cd "$(dirname "$0")/.."
baseline=proto/baseline.binpb
if ! command -v npm >/dev/null; then
    echo "NOTE: npm is not installed, so buf did not lint proto/. Install npm to run this check." >&2
    exit 0
fi
if [ package.json -nt node_modules/.installed ]; then
    npm install --silent --no-package-lock --no-audit --no-fund
    touch node_modules/.installed
fi
if [ "${1:-}" = --baseline ]; then
    node_modules/.bin/buf build --exclude-source-info -o "$baseline"
    echo "buf build: $baseline is the contract of today"
    exit 0
fi
node_modules/.bin/buf lint
echo "buf lint: proto/ passes STANDARD"
node_modules/.bin/buf breaking --against "$baseline"
echo "buf breaking: proto/ breaks no client of $baseline"
