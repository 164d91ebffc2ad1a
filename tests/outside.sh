#!/bin/sh
# Installs the outside parts of the tests (Chromium, npm, and the locked packages of the front end and of the OpenID
# Connect provider) where root and apt-get are there; otherwise says which tests will skip. Never fails:
# SLUITEND_REQUIRE_ALL=1 makes the tests themselves fail.
cd "$(dirname "$0")/.." || exit 0
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="chromium"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests: $missing"
    # shellcheck disable=SC2086
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1 ||
      echo "Could not install: $missing. The tests that need it skip by name."
  else
    echo "Not found: $missing. The tests that need it skip by name."
  fi
fi
for folder in service/web/frontend tests/identity/oidc_provider; do
  if command -v npm >/dev/null 2>&1 && [ -f "$folder/package-lock.json" ]; then
    if ! [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
      (cd "$folder" && npm ci --no-fund --no-audit >/dev/null 2>&1) || echo "npm ci failed in $folder: its tests skip by name."
    fi
  fi
done
exit 0
