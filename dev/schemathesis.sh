#!/usr/bin/env bash
# Runs schemathesis over a running node: dev/schemathesis.sh http://127.0.0.1:19001 TOKEN [SECONDS [SEED]]
# Exit code 0: nothing found; 1: something was found; 75: it cannot be run here, no Python or no package index.
set -euo pipefail

url=$1
token=$2
seconds=${3:-120}
seed=${4:-1}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=$("$here/venv.sh" schemathesis 4.32.5 300)

# Its reports and its memory of earlier examples stay out of the working tree.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$python" -m schemathesis.cli --config-file "$here/schemathesis.toml" run "$url/openapi.yaml" \
  --header "Authorization: Bearer $token" --max-examples 20 --max-time "$seconds" --request-timeout 20 \
  --seed "$seed" --no-color --warnings off
