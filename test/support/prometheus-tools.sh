#!/usr/bin/env bash
# promtool and Alertmanager, our oracle and peer for alerts: unpacked from Debian's packages, not installed, so that no service starts.
set -euo pipefail
target=$(cd "$(dirname "$0")/../.." && pwd)/.cache/prometheus
if ! [ -x "$target/usr/bin/promtool" ] || ! [ -x "$target/usr/bin/prometheus-alertmanager" ]; then
  command -v apt-get >/dev/null || { echo "prometheus-tools: put promtool and prometheus-alertmanager into $target/usr/bin" >&2; exit 1; }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  apt-get download -qq prometheus prometheus-alertmanager >&2
  mkdir -p "$target"
  for package in *.deb; do dpkg -x "$package" "$target"; done
fi
# Debian's Alertmanager looks for its templates there and nowhere else.
templates=usr/share/prometheus/alertmanager
if [ -d "$target/$templates" ] && ! [ -d "/$templates" ]; then
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo mkdir -p "/$templates"
  $sudo cp "$target/$templates/"*.tmpl "/$templates/"
fi
