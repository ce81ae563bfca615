#!/usr/bin/env bash
# A small demo county made anew, served with the pages of dist/: what the live tests talk to.
#   tools/live.sh PORT
set -euo pipefail
cd "$(dirname "$0")/.."
huiyin=${HUIYIN:-../build/huiyin}
rm -rf .live
"$huiyin" demo --dir .live --households 400 >/dev/null
exec "$huiyin" serve --data .live --listen "127.0.0.1:$1" --web dist
