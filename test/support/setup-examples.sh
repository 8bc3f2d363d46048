#!/usr/bin/env bash
# Builds the examples in Fortran, Go and Java outside of the repository; prints the directories, a line each.
# With names (`go`, `java`) only these. What was built from the same sources is left as it is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
examples=$here/../../examples
cache=${SIMVUE_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/simvue-otel}
[ $# -gt 0 ] || set -- fortran go java
for language in "$@"; do
  source=$examples/$language
  [ -d "$source" ] || { echo "setup-examples: there is no example in $language" >&2; exit 1; }
  sum=$(cd "$source" && find . -type f -not -path './target/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
  built=$cache/example-$language-$sum
  if [ ! -e "$built/complete" ]; then
    rm -rf "$built"
    mkdir -p "$built"
    case $language in
      fortran)
        if ! command -v gfortran >/dev/null; then
          root=$([ "$(id -u)" = 0 ] || echo sudo -n)
          { $root apt-get -q update && $root apt-get -q install -y --no-install-recommends gfortran; } >&2 ||
            { echo "setup-examples: gfortran is needed, and apt-get could not install it" >&2; exit 1; }
        fi
        (cd "$built" && gfortran -O2 -o plate "$source/plate.f90") >&2
        ;;
      go)
        command -v go >/dev/null || { echo "setup-examples: go is needed" >&2; exit 1; }
        (cd "$source" && go build -o "$built/cooling-bar" .) >&2
        ;;
      java)
        command -v mvn >/dev/null || { echo "setup-examples: maven and a JDK of 17 or later are needed" >&2; exit 1; }
        mvn -q -B -f "$source/pom.xml" "-Dtarget=$built" compile dependency:copy-dependencies >&2
        ;;
    esac
    touch "$built/complete"
  fi
  echo "$built"
done
