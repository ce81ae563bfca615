#!/usr/bin/env bash
# A small demo county made anew, served with the pages of dist/: what the live tests talk to.
#   tools/live.sh PORT FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
huiyin=${HUIYIN:-../build/huiyin}
rm -rf "$2"
"$huiyin" demo --dir "$2" --households 400 >/dev/null
exec "$huiyin" serve --data "$2" --listen "127.0.0.1:$1" --web dist
