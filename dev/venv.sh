#!/usr/bin/env bash
# Makes a Python environment with one package, once for all checkouts, and prints its interpreter: dev/venv.sh PACKAGE VERSION SECONDS
# Exit code 0: the path is on standard output; 75: it cannot be made here, no Python or no package index.
set -euo pipefail

package=$1
version=$2
seconds=$3
venv=${XDG_CACHE_HOME:-$HOME/.cache}/sage/venv-$package-$version

unavailable() {
  echo "$package $version cannot be installed: $1" >&2
  exit 75
}

# Made aside and moved, so that a second run never sees half of it; it is started by its interpreter for that reason.
if [[ ! -x $venv/bin/python ]]; then
  command -v python3 > /dev/null || unavailable "there is no python3"
  mkdir -p "$(dirname "$venv")"
  making=$(mktemp -d "$venv.XXXXXX")
  trap 'rm -rf "$making"' EXIT
  python3 -m venv "$making" || unavailable "python3 has no venv"
  timeout "$seconds" "$making/bin/python" -m pip install --quiet --disable-pip-version-check "$package==$version" \
    || unavailable "the package index cannot be reached, or has no wheel for this Python"
  mv -T "$making" "$venv" 2> /dev/null || [[ -x $venv/bin/python ]]
  trap - EXIT
  rm -rf "$making"
fi
echo "$venv/bin/python"
