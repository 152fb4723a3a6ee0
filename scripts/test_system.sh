#!/usr/bin/env bash
# The tests that change the machine or want more than Python: small disks that are mounted (root),
# Debian's Prometheus on the alerts and the dashboard of ops/, the portal of examples/ in headless
# Chromium, a client in Node, Spark in Java. Prometheus is unpacked below build/, not installed, so that
# no service of it starts. As root on Debian a missing Chromium is installed through apt; where one of
# them cannot be had, a note says so and the other tests run.
set -euo pipefail
cd "$(dirname "$0")/.."
chosen=system

without() { # marker, why
    echo "NOTE: $2." >&2
    chosen="$chosen and not $1"
}

unpack_prometheus() {
    command -v promtool >/dev/null || [ -x build/prometheus/usr/bin/promtool ] && return
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return
    local folder
    folder=$(mktemp -d)
    if [ "$(id -u)" -eq 0 ]; then apt-get update -qq; fi
    (cd "$folder" && apt-get download -qq prometheus >/dev/null 2>&1) &&
        dpkg-deb -x "$folder"/prometheus_*.deb build/prometheus || true
    rm -rf "$folder"
}

install_chromium() {
    command -v chromium >/dev/null && return
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-dejavu-core >/dev/null
}

unpack_prometheus || true
if ! command -v promtool >/dev/null && [ ! -x build/prometheus/usr/bin/promtool ]; then
    without prometheus "Debian's prometheus cannot be had, so alerts and dashboard were not loaded"
fi
if command -v npm >/dev/null; then
    portal=examples/node-portal
    if [ "$portal/package-lock.json" -nt "$portal/node_modules/.installed" ]; then
        (cd "$portal" && npm ci --silent --no-audit --no-fund)
        touch "$portal/node_modules/.installed"
    fi
    install_chromium || without browser "Chromium is not installed (apt-get install chromium \
fonts-dejavu-core), so the portal was not driven through a browser"
else
    without node "npm is not installed, so no client in Node was tried"
    without browser "without npm the portal was not driven through a browser"
fi
if command -v java >/dev/null; then
    if [ pyproject.toml -nt .venv/spark ]; then
        .venv/bin/pip install --quiet --no-build-isolation --editable '.[spark]'
        touch .venv/spark
    fi
else
    without java "Java is not installed (apt-get install openjdk-17-jre-headless), so nothing was \
rated in Spark"
fi
exec .venv/bin/python -m pytest -m "$chosen"
