#!/bin/sh
# Runs inside the machine that bin/deb-boot starts, as root, at each of its boots.
set -u
fail() { echo "FAILED: $*"; systemctl status --no-pager --full huiyin; journalctl --no-pager -u huiyin -n 30; sync; exit 1; }
good() { echo "ok    $*"; }
answers() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:8080$1")" = "$2" ] || fail "$1 answers $2"; }
comes() {
  for _ in $(seq 600); do
    [ "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/readyz)" = 200 ] && return
    sleep 0.1
  done
  fail "$1"
}
of() { systemctl show huiyin --property "$1" --value; }

if [ -e /root/first-boot-passed ]; then
  comes 'it starts by itself after a restart of the machine'
  [ "$(of ActiveState)" = active ] || fail 'the unit is active'
  good 'starts by itself at boot'
  # The watch: a program that does not say that it lives is killed and started again.
  pid=$(of MainPID)
  mkdir -p /run/systemd/system/huiyin.service.d
  printf '[Service]\nWatchdogSec=20\n' >/run/systemd/system/huiyin.service.d/watch.conf
  systemctl daemon-reload && systemctl restart huiyin || fail 'restarts'
  comes 'it is ready'
  pid=$(of MainPID)
  sleep 30
  [ "$(of MainPID)" = "$pid" ] || fail 'it says that it lives'
  kill -STOP "$pid"
  sleep 20
  for _ in $(seq 900); do [ "$(of MainPID)" != "$pid" ] && [ "$(of MainPID)" != 0 ] && break; sleep 0.1; done
  [ "$(of MainPID)" != "$pid" ] || fail 'a hung program is started anew'
  comes 'after the watch it serves'
  good 'is started anew when it hangs'
  apt-get purge -y -q huiyin >/root/apt.log 2>&1 || dpkg --purge huiyin >/root/apt.log 2>&1 || fail 'purges'
  [ "$(of LoadState)" = not-found ] || fail 'no unit is left'
  pgrep -x huiyin >/dev/null && fail 'nothing runs any more'
  [ -e /var/lib/huiyin/huiyin.db ] || fail 'the records stay'
  good 'is stopped and removed, records stay'
  echo 'END OK'
  sync
  exit 0
fi

dpkg -i /root/old.deb >/root/dpkg.log 2>&1 || fail "installs: $(cat /root/dpkg.log)"
[ "$(of ActiveState)" = inactive ] || fail 'without a county it waits'
grep -q 'there is no county yet' /root/dpkg.log || fail 'it says what to do first'
runuser -u huiyin -- huiyin county create --data /var/lib/huiyin --code 990101 --name 云岭县 >/dev/null || fail 'makes a county'
# As the settings propose: an archive beside it.
sed -i 's#--log-form json#--log-form json --archive /var/lib/huiyin-archive#' /etc/huiyin/huiyin.conf
systemctl start huiyin || fail 'starts'
[ "$(of ActiveState)" = active ] || fail 'the unit is active'
answers /readyz 200
answers / 200
answers /desk/ 200
good 'starts with all its fences, with an archive'
systemd-analyze security --no-pager huiyin | tail -1 | sed 's/^/      /'
points=$(systemd-analyze security --no-pager huiyin | tail -1 | sed 's/.*: \([0-9.]*\) .*/\1/')
awk "BEGIN { exit !($points < 2) }" || fail "exposure below 2 of 10, is $points"
# What the fences allow at work: write a file, a password's hash, a document.
runuser -u huiyin -- huiyin check --data /var/lib/huiyin --quick >/dev/null || fail 'is well'

pid=$(of MainPID)
kill -KILL "$pid"
sleep 3
comes 'it is started again when it was killed'
[ "$(of MainPID)" != "$pid" ] || fail 'it is another'
good 'is started again when it was killed'
pid=$(of MainPID)
systemctl reload huiyin || fail 'reloads'
sleep 1
[ "$(of MainPID)" = "$pid" ] || fail 'reloading keeps it running'
answers /readyz 200
good 'reloads without a restart'
dpkg -i /root/new.deb >/root/dpkg.log 2>&1 || fail "upgrades: $(cat /root/dpkg.log)"
comes 'the new program serves'
[ "$(of MainPID)" != "$pid" ] || fail 'the new program runs'
[ "$(readlink "/proc/$(of MainPID)/exe")" = /usr/bin/huiyin ] || fail 'it is the installed one'
grep -q archive /etc/huiyin/huiyin.conf || fail 'settings are kept'
good 'is upgraded while it runs, settings and records kept'
systemctl stop huiyin || fail 'stops'
[ "$(of Result)" = success ] || fail 'it ends well'
[ "$(of ExecMainStatus)" = 0 ] || fail 'it ends with 0'
runuser -u huiyin -- huiyin audit verify --data /var/lib/huiyin >/dev/null || fail 'the chain verifies'
good 'stops well, the chain verifies'
touch /root/first-boot-passed
echo 'END OK'
sync
