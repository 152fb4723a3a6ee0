#!/usr/bin/env bash
# Checks what a bare Debian machine may lack (Python with venv and headers, a C compiler, SQLite's
# headers), installs it with apt-get when run as root, and otherwise names the command. Then makes
# .venv.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-python3.11}
package=${python##*/}

missing() {
    command -v "$python" >/dev/null || echo "$package"
    "$python" -c 'import venv, ensurepip' 2>/dev/null || echo "$package-venv"
    "$python" - 2>/dev/null <<'PY' || echo "$package-dev"
import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))
PY
    command -v gcc >/dev/null || echo gcc
    echo '#include <stdint.h>
#include <stdlib.h>' | gcc -xc -fsyntax-only - 2>/dev/null || echo libc6-dev
    echo '#include <sqlite3ext.h>' | gcc -xc -fsyntax-only - 2>/dev/null || echo libsqlite3-dev
}

lacks=$(missing | xargs)
if [ -n "$lacks" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing: $lacks"
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of package names
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $lacks
    lacks=$(missing | xargs)
fi
if [ -n "$lacks" ]; then
    echo "billcore needs: $lacks" >&2
    echo "On Debian, run:  sudo apt-get install --no-install-recommends $lacks" >&2
    exit 1
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "billcore needs Python 3.11 or newer; $python is $("$python" -V)." \
        "Name another with: make PYTHON=python3.11" >&2
    exit 1
}
[ -x .venv/bin/python ] || "$python" -m venv .venv
