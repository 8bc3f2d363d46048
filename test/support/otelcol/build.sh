#!/usr/bin/env bash
# Builds the OpenTelemetry Collector that the e2e tests and the benchmark run, once; prints the path of the binary.
# Needs Go >= 1.25. Module versions are pinned by builder.yaml and lock/.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
builder_version=v0.156.0
cache=${SIMVUE_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/simvue-otel}/otelcol
stamp=$(cat "$here/builder.yaml" "$here/lock/go.mod" "$here/lock/go.sum" "$0" | sha256sum | cut -c1-16)
binary=$cache/$stamp/otelcol
if [ -x "$binary" ]; then echo "$binary"; exit 0; fi

command -v go >/dev/null || { echo "otelcol: the Go toolchain (>= 1.25) is needed to build the OpenTelemetry Collector" >&2; exit 1; }
mkdir -p "$cache/$stamp"
exec 9>"$cache/lock"; flock 9
if [ -x "$binary" ]; then echo "$binary"; exit 0; fi
export GOFLAGS=-buildvcs=false
jobs=${BUILD_JOBS:-3}
builder=$cache/builder-$builder_version/builder
if [ ! -x "$builder" ]; then
  echo "otelcol: building the Collector builder $builder_version" >&2
  GOBIN=$(dirname "$builder") go install -p "$jobs" "go.opentelemetry.io/collector/cmd/builder@$builder_version" >&2
fi
cd "$cache/$stamp"
cp "$here/builder.yaml" builder.yaml
# The builder ends with `go mod tidy`, which also resolves modules that only foreign tests import; the locked go.mod replaces its result.
"$builder" --config builder.yaml --skip-compilation >generate.log 2>&1 || [ -f source/main.go ] || { tail -5 generate.log >&2; exit 1; }
cd source
[ "${1:-}" = update-lock ] || cp "$here/lock/go.mod" "$here/lock/go.sum" .
echo "otelcol: compiling (about 90 s with empty caches)" >&2
go build -mod=mod -p "$jobs" -trimpath -ldflags="-s -w" -o "$binary.new" . >&2
# `update-lock` keeps what was resolved after builder.yaml was changed.
if [ "${1:-}" = update-lock ]; then cp go.mod go.sum "$here/lock/"; fi
mv "$binary.new" "$binary"
cd ..; rm -rf source
echo "$binary"
