#!/usr/bin/env bash
# Installs the bot on a copy of this machine that really boots (systemd-nspawn over an overlay of /), and is unkind to it there: kill -9, SIGSTOP,
# a wrong setting, an upgrade. Far ends are the sandbox's stand-ins. Needs root, systemd-container and overlayfs; nothing of this machine is changed.
#   deploy/test/boot.sh          with this checkout's node_modules in the release
#   deploy/test/boot.sh --npm    with the installer's own npm ci, from the registry
set -euo pipefail

REPOSITORY=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PORT=39471
NPM=false
if [ "${1:-}" = --npm ]; then NPM=true; fi
[ "$(id -u)" = 0 ] || { echo 'boot.sh: run it as root' >&2; exit 2; }
command -v systemd-nspawn >/dev/null || { echo 'boot.sh: install systemd-container' >&2; exit 2; }

SCRATCH=$(mktemp -d /var/tmp/jada-boot.XXXXXX)
stand_ins=
finish() {
  if [ -n "$stand_ins" ]; then kill "$stand_ins" 2>/dev/null || true; fi
  if mountpoint -q "$SCRATCH/root"; then umount "$SCRATCH/root" || umount -l "$SCRATCH/root"; fi
  if mountpoint -q "$SCRATCH/layer"; then umount -l "$SCRATCH/layer"; fi
  rm -rf "$SCRATCH"
}
trap finish EXIT

mkdir "$SCRATCH/layer" "$SCRATCH/root"
mount -t tmpfs -o size=4g jada-boot "$SCRATCH/layer"
mkdir "$SCRATCH/layer/upper" "$SCRATCH/layer/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$SCRATCH/layer/upper,workdir=$SCRATCH/layer/work" "$SCRATCH/root"

"$REPOSITORY/node_modules/.bin/node" "$REPOSITORY/test/support/boot-child.ts" "$PORT" "$SCRATCH/settings.env" >"$SCRATCH/stand-ins.log" 2>&1 &
stand_ins=$!
for _ in $(seq 100); do
  if [ -s "$SCRATCH/settings.env" ]; then break; fi
  sleep 0.1
done
[ -s "$SCRATCH/settings.env" ] || { cat "$SCRATCH/stand-ins.log" >&2; exit 1; }

inside=$SCRATCH/root/jada-boot
mkdir "$inside"
cp "$SCRATCH/settings.env" "$REPOSITORY/deploy/test/boot-inside.sh" "$inside/"
echo "$NPM" >"$inside/npm"
ln -s "$REPOSITORY" "$inside/repository"
printf '%s\n' '[Unit]' 'Requires=basic.target jada-boot.service' 'After=basic.target' 'AllowIsolate=yes' >"$SCRATCH/root/etc/systemd/system/jada-boot.target"
cat >"$SCRATCH/root/etc/systemd/system/jada-boot.service" <<'UNIT'
[Unit]
After=basic.target dbus.service
Requires=basic.target
[Service]
Type=oneshot
TimeoutStartSec=600
Environment=HOME=/root
ExecStart=/bin/bash /jada-boot/boot-inside.sh
StandardOutput=file:/jada-boot/output
StandardError=file:/jada-boot/output
ExecStopPost=/bin/systemctl poweroff --force
UNIT
rm -f "$SCRATCH/root/etc/machine-id"
: >"$SCRATCH/root/etc/machine-id"

# The network is this machine's: the stand-ins listen on its loopback.
timeout 900 systemd-nspawn --quiet --directory="$SCRATCH/root" --machine="jada-boot-$$" --register=no --keep-unit --boot --console=pipe \
  systemd.unit=jada-boot.target systemd.mask=systemd-networkd.service systemd.mask=systemd-resolved.service >"$SCRATCH/console.log" 2>&1 </dev/null || true

if [ ! -s "$inside/output" ]; then
  echo 'boot.sh: the container did not boot' >&2
  tail -n 30 "$SCRATCH/console.log" >&2
  exit 1
fi
cat "$inside/output"
grep -q '^ALL WELL$' "$inside/output"
