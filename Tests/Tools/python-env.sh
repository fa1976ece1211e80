#!/usr/bin/env bash
# Makes (or completes) a virtual environment of the client tests and prints its python's path on the last line.
#
#   python-env.sh            requirements.txt, into clients
#   python-env.sh litellm    requirements-litellm.txt, into clients-litellm; tokens likewise
#
# Both stand in $MEMGATE_TOOLS_DIR, by default ${TMPDIR:-/tmp}/memgate-tools. Whoever comes while another makes the
# same environment waits for it. Needs python3 3.10 or later with venv (Debian: python3-venv). PYTHON names another
# interpreter.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
requirements="$here/requirements${1:+-$1}.txt"
environment="${MEMGATE_TOOLS_DIR:-${TMPDIR:-/tmp}/memgate-tools}/clients${1:+-$1}"
stamp="$environment/requirements.installed"

mkdir -p "$(dirname "$environment")"
exec 9>"$environment.lock"
flock 9
if ! cmp -s "$requirements" "$stamp"; then
  "${PYTHON:-python3}" -m venv "$environment"
  # Modules are compiled when they are first imported: most never are.
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-compile \
    --requirement "$requirements" >&2
  cp "$requirements" "$stamp"
fi
echo "$environment/bin/python"
