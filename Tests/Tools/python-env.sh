#!/usr/bin/env bash
# Makes (or completes) the virtual environment of the client tests and prints its python's path on the last line.
#
#   python-env.sh [DIR]    DIR: default $MEMGATE_TOOLS_DIR/clients, or ${TMPDIR:-/tmp}/memgate-tools/clients
#
# Needs python3 3.10 or later with venv (Debian: python3-venv). PYTHON names another interpreter.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
environment="${1:-${MEMGATE_TOOLS_DIR:-${TMPDIR:-/tmp}/memgate-tools}/clients}"
stamp="$environment/requirements.installed"

if ! cmp -s "$here/requirements.txt" "$stamp"; then
  mkdir -p "$(dirname "$environment")"
  "${PYTHON:-python3}" -m venv "$environment"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
    --requirement "$here/requirements.txt" >&2
  cp "$here/requirements.txt" "$stamp"
fi
echo "$environment/bin/python"
