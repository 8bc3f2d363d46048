#!/usr/bin/env bash
# Virtual environments of the contract tests, one a file of test/contract/python/requirements; prints their interpreters, a line each.
# With names (`simvue-2.5.3`) only these; those of the peers of the benchmarks (bench/peers/requirements) only by name.
# One that is there already is left as it is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
requirements=$here/../contract/python/requirements
cache=${SIMVUE_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/simvue-otel}
[ $# -gt 0 ] || set -- $(cd "$requirements" && ls | sed 's/\.txt$//')
for name in "$@"; do
  file=$requirements/$name.txt
  [ -f "$file" ] || file=$here/../../bench/peers/requirements/$name.txt
  [ -f "$file" ] || { echo "setup-contract: there is no environment $name" >&2; exit 1; }
  environment=$cache/python-$name-$(sha256sum "$file" | cut -c1-16)
  if [ ! -f "$environment/complete" ]; then
    command -v python3 >/dev/null || { echo "setup-contract: python3 is needed" >&2; exit 1; }
    rm -rf "$environment"
    python3 -m venv "$environment" >&2
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$file" >&2
    case $name in
      simvue-suite-*) # The client's own tests are in its source distribution only.
        "$environment/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary simvue \
          --dest "$environment/suite" "simvue==${name#simvue-suite-}" >&2
        tar -xzf "$environment"/suite/simvue-*.tar.gz -C "$environment/suite" --strip-components 1 --wildcards '*/tests'
        ;;
    esac
    touch "$environment/complete"
  fi
  echo "$environment/bin/python"
done
