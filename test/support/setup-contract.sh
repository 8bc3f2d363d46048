#!/usr/bin/env bash
# A virtual environment with the stock OpenTelemetry SDK for Python; prints its interpreter. Does nothing when it is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
requirements=$here/../contract/python/requirements.txt
stamp=$(sha256sum "$requirements" | cut -c1-16)
environment=${SIMVUE_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/simvue-otel}/python-$stamp
if [ ! -f "$environment/complete" ]; then
  command -v python3 >/dev/null || { echo "setup-contract: python3 is needed" >&2; exit 1; }
  rm -rf "$environment"
  python3 -m venv "$environment" >&2
  "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >&2
  touch "$environment/complete"
fi
echo "$environment/bin/python"
