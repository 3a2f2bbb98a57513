#!/usr/bin/env bash
# Runs schemathesis over a running node: dev/schemathesis.sh http://127.0.0.1:19001 TOKEN [SECONDS [SEED]]
# Exit code 0: nothing found; 1: something was found; 75: it cannot be run here, no Python or no package index.
set -euo pipefail

version=4.32.5
url=$1
token=$2
seconds=${3:-120}
seed=${4:-1}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${XDG_CACHE_HOME:-$HOME/.cache}/sage/venv-schemathesis-$version

unavailable() {
  echo "schemathesis $version cannot be run: $1" >&2
  exit 75
}

# Made aside and moved, so that a second run never sees half of it; it is started by its interpreter for that reason.
if [[ ! -x $venv/bin/python ]]; then
  command -v python3 > /dev/null || unavailable "there is no python3"
  mkdir -p "$(dirname "$venv")"
  making=$(mktemp -d "$venv.XXXXXX")
  trap 'rm -rf "$making"' EXIT
  python3 -m venv "$making" || unavailable "python3 has no venv"
  timeout 300 "$making/bin/python" -m pip install --quiet --disable-pip-version-check "schemathesis==$version" \
    || unavailable "the package index cannot be reached"
  mv -T "$making" "$venv" 2> /dev/null || [[ -x $venv/bin/python ]]
  trap - EXIT
  rm -rf "$making"
fi

# Its reports and its memory of earlier examples stay out of the working tree.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$venv/bin/python" -m schemathesis.cli --config-file "$here/schemathesis.toml" run "$url/openapi.yaml" \
  --header "Authorization: Bearer $token" --max-examples 20 --max-time "$seconds" --request-timeout 20 \
  --seed "$seed" --no-color --warnings off
