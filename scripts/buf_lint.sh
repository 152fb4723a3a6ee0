#!/usr/bin/env bash
# Lints the contract with buf (STANDARD rules, buf.yaml), which npm installs into node_modules.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null; then
    echo "NOTE: npm is not installed, so buf did not lint proto/. Install npm to run this check." >&2
    exit 0
fi
if [ package.json -nt node_modules/.installed ]; then
    npm install --silent --no-package-lock --no-audit --no-fund
    touch node_modules/.installed
fi
node_modules/.bin/buf lint
echo "buf lint: proto/ passes STANDARD"
