#!/usr/bin/env bash
# What the e2e tests and the benchmarks need beside npm packages: Chromium, a real OpenTelemetry Collector, promtool and Alertmanager.
# Does nothing when they are there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if ! command -v "${CHROMIUM:-chromium}" >/dev/null; then
  command -v apt-get >/dev/null || { echo "setup-e2e: install Chromium and name it in CHROMIUM" >&2; exit 1; }
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  echo "setup-e2e: installing chromium" >&2
  $sudo apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >&2
fi
"${CHROMIUM:-chromium}" --version >&2
"$here/otelcol/build.sh" >&2
"$here/prometheus-tools.sh" >&2
