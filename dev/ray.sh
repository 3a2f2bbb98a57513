#!/usr/bin/env bash
# Makes a Python environment with Ray, once, and prints its interpreter: dev/ray.sh [VERSION]
# Exit codes as of dev/venv.sh.
exec "$(dirname "${BASH_SOURCE[0]}")/venv.sh" ray "${1:-2.60.0}" 1200
