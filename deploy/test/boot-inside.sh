#!/usr/bin/env bash
# Runs inside the machine that deploy/test/boot.sh has booted. Each line of its output is something that was seen.
set -euo pipefail

HERE=/jada-boot
UNIT=jada-bot.service
STARTED=$SECONDS

well() { printf 'ok    %4d s  %s\n' "$((SECONDS - STARTED))" "$*"; }
bad() {
  printf 'FAIL  %4d s  %s\n' "$((SECONDS - STARTED))" "$*"
  systemctl status "$UNIT" --no-pager --lines=0 || true
  journalctl -u "$UNIT" --no-pager -n 40 || true
  exit 1
}
show() { systemctl show "$UNIT" --property="$1" --value; }
until_true() { # seconds what command...
  local seconds=$1 what=$2 end
  shift 2
  for ((end = SECONDS + seconds; SECONDS < end; )); do
    if "$@"; then return; fi
    sleep 0.5
  done
  bad "$what: not within $seconds s"
}
is_up() { [ "$(show ActiveState)" = active ] && [ "$(show SubState)" = running ]; }
turns() { [ "$(show StatusText)" = 'The loops turn' ]; }
runs_release() { [ "$(readlink /opt/jada-bot/current)" = "releases/$1" ] && is_up; }
is_up_again() { # the process before
  local now
  now=$(show MainPID)
  [ "$now" != 0 ] && [ "$now" != "$1" ] && is_up
}

well "booted: $(systemctl --version | head -n 1), $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)"

# --- Install
if [ "$(cat $HERE/npm)" = false ]; then
  mkdir -p $HERE/bin
  printf '#!/bin/sh\nln -s "%s/node_modules" node_modules\n' "$(readlink -f $HERE/repository)" >$HERE/bin/npm
  chmod +x $HERE/bin/npm
  PATH=$HERE/bin:$PATH
fi
$HERE/repository/deploy/install.sh --version 1.0.0 >$HERE/install.log 2>&1 || { cat $HERE/install.log; bad 'install.sh'; }
well "installed; last line: $(tail -n 1 $HERE/install.log | cut -c1-60)..."
$HERE/repository/deploy/install.sh --version 1.0.0 >$HERE/install.log 2>&1 || bad 'install.sh, again'
well "installed again, $(wc -l <$HERE/install.log) lines"

# --- A bot without settings
systemctl start $UNIT 2>/dev/null && bad 'it started without settings'
sleep 7
[ "$(show ActiveState)/$(show ExecMainStatus)/$(show NRestarts)" = failed/78/0 ] || bad "without settings: $(show ActiveState), $(show ExecMainStatus), $(show NRestarts) restarts"
well 'without settings: failed with 78, and not started again'

# --- A bot with settings. The watchdog's minute is 6 s here.
while IFS='=' read -r name _; do sed -i "/^$name=/d" /etc/jada-bot/jada-bot.env; done <$HERE/settings.env
cat $HERE/settings.env >>/etc/jada-bot/jada-bot.env
mkdir -p /etc/systemd/system/$UNIT.d
printf '[Service]\nWatchdogSec=6\n' >/etc/systemd/system/$UNIT.d/test.conf
systemctl daemon-reload
systemctl reset-failed $UNIT
systemctl start $UNIT || bad 'it does not start'
is_up || bad 'started, but not running'
until_true 10 'its status' turns
well "running, status \"$(show StatusText)\", $(awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$(show MainPID)/status") MB"
sleep 13
[ "$(show NRestarts)" = 0 ] || bad 'the watchdog is not fed'
well 'two watchdog times later: still the same process'

# --- What it may and may not
pid=$(show MainPID)
[ "$(stat -c %U "/proc/$pid")" = jada ] || bad 'it does not run as jada'
[ "$(stat -c '%a %U' /var/lib/jada/jada.sqlite)" = '600 jada' ] || bad "database: $(stat -c '%a %U' /var/lib/jada/jada.sqlite)"
[ "$(stat -c '%a %U' /var/log/jada/jada-agent.log)" = '640 jada' ] || bad 'log file'
grep -q '\[heartbeat\] alive' /var/log/jada-agent.log || bad 'no heartbeat in /var/log/jada-agent.log'
grep -q 'connected over Socket Mode' /var/log/jada-agent.log || bad 'no connection to Slack'
nsenter -t "$pid" -m -S "$(id -u jada)" -G "$(id -g jada)" test -w /opt/jada-bot/current/src && bad 'it may write its own program'
nsenter -t "$pid" -m -S "$(id -u jada)" -G "$(id -g jada)" cat /etc/jada-bot/jada-bot.env >/dev/null 2>&1 && bad 'it may read its settings file'
well 'runs as jada; writes neither its program nor reads its settings file; heartbeat in the log'
logrotate --force /etc/logrotate.d/jada-bot || bad 'logrotate'
[ -s /var/log/jada/jada-agent.log.1 ] || bad 'logs did not rotate'
[ "$(stat -c '%a %U %G' /var/log/jada/jada-agent.log)" = '640 jada jada' ] || bad 'the new log belongs to somebody else'
well 'logs rotate'

# --- Unkindness
pid=$(show MainPID)
kill -9 "$pid"
until_true 30 'after kill -9' is_up_again "$pid"
[ -s /var/log/jada/jada-agent.log ] || bad 'no line after the rotation'
well "kill -9: running again, restarts $(show NRestarts), and its log goes on after the rotation"
pid=$(show MainPID)
kill -STOP "$pid"
until_true 60 'after SIGSTOP' is_up_again "$pid"
journalctl -u $UNIT --no-pager | grep -q 'Watchdog timeout' || bad 'it was not the watchdog'
well "SIGSTOP: the watchdog ended it, running again, restarts $(show NRestarts)"

# --- The terminal scripts
jada-bot doctor >$HERE/doctor.log 2>&1 </dev/null || true
grep -q '^ok .*Slack connection' $HERE/doctor.log || { cat $HERE/doctor.log; bad 'jada-bot doctor'; }
jada-bot audit >$HERE/audit.log 2>&1 </dev/null || true
grep -q '^Server ' $HERE/audit.log || { cat $HERE/audit.log; bad 'jada-bot audit'; }
[ -z "$(find /run -maxdepth 1 -name 'jada-terminal-*')" ] || bad 'a folder of a terminal script was left'
[ -d /run/jada ] || bad 'the folder of the service went with a terminal script'
jada-bot backup >$HERE/backup.log 2>&1 </dev/null || { cat $HERE/backup.log; bad 'jada-bot backup'; }
file=$(find /var/lib/jada/backups -name 'jada-*.sqlite' | sort | tail -n 1)
[ "$(stat -c '%a %U' "$file")" = '600 jada' ] || bad 'backup file'
jada-bot restore "$file" >$HERE/restore.log 2>&1 </dev/null && bad 'restored under a running bot'
grep -q 'Another JADA Bot works in' $HERE/restore.log || { cat $HERE/restore.log; bad 'restore did not say why'; }
well 'doctor; audit; backup; restore is refused while it runs'

# --- Upgrade and back
$HERE/repository/deploy/install.sh --version 2.0.0 >$HERE/install.log 2>&1 || { cat $HERE/install.log; bad 'upgrade'; }
runs_release 2.0.0 || bad 'upgrade: not running'
well "$(grep '^upgraded' $HERE/install.log)"
mkdir -p $HERE/worse && cp -r $HERE/repository/{deploy,src,config,docs,package.json,package-lock.json,.npmrc,.env.example,README.md,manifest.yml} $HERE/worse/
echo 'throw new Error("a bad release")' >$HERE/worse/src/main.ts
$HERE/worse/deploy/install.sh --version 3.0.0 >$HERE/install.log 2>&1 && bad 'a bad release was taken for a good one'
runs_release 2.0.0 || { cat $HERE/install.log; bad 'a bad release was not taken back'; }
well "$(tail -n 1 $HERE/install.log | cut -c1-70)"
$HERE/repository/deploy/install.sh --rollback >$HERE/install.log 2>&1 || { cat $HERE/install.log; bad 'rollback'; }
runs_release 1.0.0 || bad 'rollback: not running'
well "rollback: $(tail -n 1 $HERE/install.log)"

# --- The end
systemctl stop $UNIT
[ "$(show ActiveState)/$(show Result)/$(show ExecMainStatus)" = inactive/success/0 ] || bad "stop: $(show ActiveState), $(show Result), $(show ExecMainStatus)"
well 'clean stop: inactive, success, exit code 0'
jada-bot restore "$file" >$HERE/restore.log 2>&1 </dev/null || { cat $HERE/restore.log; bad 'restore'; }
systemctl start $UNIT || bad 'it does not start after a restore'
well "restore: $(tail -n 3 $HERE/restore.log | head -n 1 | cut -c1-40)..., and running again"
echo 'ALL WELL'
