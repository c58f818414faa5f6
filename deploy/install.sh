#!/usr/bin/env bash
# Installs or upgrades JADA Bot on this machine (Amazon Linux 2023, Debian), from the folder this script lies in.
# Run it as often as you like: what is right stays as it is. docs/operations.md goes through it step by step.
set -euo pipefail
umask 022

usage() {
  cat <<'TEXT'
usage: sudo deploy/install.sh [--dry-run] [--rollback] [--version NAME] [--root FOLDER]

  (nothing)         install, or upgrade: back up, switch, check /healthz, and switch back when the new release does not come up
  --rollback        back to the release before
  --dry-run         say what would be done, and do nothing
  --version NAME    the release's name (package.json's version and the commit)
  --root FOLDER     install below this folder, without users, packages and systemd: for tests and images
TEXT
}

DRY=false
ROLLBACK=false
ROOT=
VERSION=
while [ $# -gt 0 ]; do
  case "$1" in
    --dry-run) DRY=true ;;
    --rollback) ROLLBACK=true ;;
    --root) ROOT=${2:?--root needs a folder}; shift ;;
    --version) VERSION=${2:?--version needs a name}; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
HOME_DIR=$ROOT/opt/jada-bot
RELEASES=$HOME_DIR/releases
ENV_FILE=$ROOT/etc/jada-bot/jada-bot.env
STATE=$ROOT/var/lib/jada
LOGS=$ROOT/var/log/jada
UNIT=jada-bot.service
OLD_UNIT=jada-agent.service
# Tests put their own in the place of these two.
SYSTEMCTL=${JADA_INSTALL_SYSTEMCTL:-$([ -n "$ROOT" ] && echo true || echo systemctl)}
HEALTH_SECONDS=${JADA_INSTALL_HEALTH_SECONDS:-90}

say() { printf '%s\n' "$*"; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

# Everything that changes something goes through here.
run() {
  if $DRY; then
    say "would run: $*"
  else
    "$@"
  fi
}

own() { # owner file...
  if [ -z "$ROOT" ]; then run chown "$@"; fi
}

folder() { # mode owner path
  if [ -d "$3" ] && [ "$(stat -c %a "$3")" = "${1#0}" ]; then return; fi
  say "folder $3 ($1, $2)"
  run install -d -m "$1" "$3"
  own "$2" "$3"
}

CHANGED=false
copy_file() { # mode from to
  if [ -f "$3" ] && cmp -s "$2" "$3" && [ "$(stat -c %a "$3")" = "${1#0}" ]; then return; fi
  CHANGED=true
  say "file $3"
  run mkdir -p "$(dirname "$3")"
  run install -m "$1" "$2" "$3"
}

# --- What must be there ---------------------------------------------------------------------------

is_running() { [ "$SYSTEMCTL" != true ] && "$SYSTEMCTL" is-active --quiet "$1"; }

check_machine() {
  [ "$(id -u)" = 0 ] || $DRY || fail 'run it with sudo'
  case "$(uname -m)" in
    x86_64 | aarch64) ;;
    *) fail "there is no Node for $(uname -m) among the dependencies" ;;
  esac
  # shellcheck source=/dev/null
  ID=$(. /etc/os-release && echo "${ID:-}${VERSION_ID:+-$VERSION_ID}")
  case "$ID" in
    # npm comes namespaced, as npm-22, and alternatives(8) makes it `npm` (AL2023 user guide, "Node.js in AL2023"). The other names are
    # Fedora's, which AL2023 follows (user guide, "Relationship to Fedora").
    amzn-2023*) packages=(libatomic nodejs22-npm tar gzip openssl logrotate openssh-clients) install=(dnf install -y -q) ;;
    amzn-*) fail 'Amazon Linux 2 cannot run Node 26 (its glibc is too old); use Amazon Linux 2023' ;;
    debian-* | ubuntu-*) packages=(libatomic1 npm openssl logrotate openssh-client) install=(apt-get install -y -q --no-install-recommends) ;;
    *) fail "this script knows Amazon Linux 2023 and Debian, not $ID" ;;
  esac
  missing=false
  for command in npm systemctl systemd-notify openssl logrotate tar gzip ssh; do
    command -v "$command" >/dev/null || { say "missing: $command"; missing=true; }
  done
  ldconfig -p | grep -q libatomic.so.1 || { say 'missing: libatomic'; missing=true; }
  if $missing; then
    say "packages ${packages[*]}"
    if [ "${install[0]}" = apt-get ]; then run apt-get update -q; fi
    run "${install[@]}" "${packages[@]}"
  fi
  if ! id jada >/dev/null 2>&1; then
    say 'user jada'
    run useradd --system --user-group --home-dir /var/lib/jada --no-create-home --shell /usr/sbin/nologin jada
  fi
}

# --- The release ----------------------------------------------------------------------------------

release_name() {
  if [ -n "$VERSION" ]; then echo "$VERSION"; return; fi
  local number commit=
  number=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$SOURCE/package.json")
  commit=$(git -C "$SOURCE" rev-parse --short HEAD 2>/dev/null || true)
  echo "$number${commit:+-$commit}"
}

make_release() { # name
  local target=$RELEASES/$1 partial=$RELEASES/.$1.part
  if [ -d "$target" ]; then
    say "release $1 is there already"
    return
  fi
  say "release $1: its files and npm ci"
  if $DRY; then return; fi
  rm -rf "$partial"
  mkdir -p "$partial"
  (cd "$SOURCE" && tar --exclude=docs/images -cf - package.json package-lock.json .npmrc .env.example README.md manifest.yml src config docs deploy) | tar -xf - -C "$partial" --no-same-owner
  (cd "$partial" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error)
  "$partial/node_modules/.bin/node" --version >/dev/null || fail "the pinned Node does not run on this machine (libatomic, glibc 2.28)"
  chmod -R u=rwX,go=rX "$partial"
  mv "$partial" "$target"
}

point() { # link target: never a moment without the link
  run ln -sfn "$2" "$1.new"
  run mv -T "$1.new" "$1"
}

# The unit and what else lies outside the release belong to the release they came with.
activate() { # release folder
  copy_file 0644 "$1/deploy/logrotate/jada-bot" "$ROOT/etc/logrotate.d/jada-bot"
  copy_file 0755 "$1/deploy/bin/jada-bot" "$ROOT/usr/local/sbin/jada-bot"
  CHANGED=false
  copy_file 0644 "$1/deploy/systemd/$UNIT" "$ROOT/etc/systemd/system/$UNIT"
  if [ "$(readlink "$HOME_DIR/current" || true)" != "releases/$(basename "$1")" ]; then point "$HOME_DIR/current" "releases/$(basename "$1")"; fi
  if $CHANGED; then run "$SYSTEMCTL" daemon-reload; fi
}

# --- Settings, logs --------------------------------------------------------------------------------

make_settings() {
  folder 0700 root:root "$ROOT/etc/jada-bot"
  if [ -e "$ENV_FILE" ]; then return; fi
  say "file $ENV_FILE (0600), with a new JADA_SECRET_KEY"
  if $DRY; then return; fi
  # Where things lie is the unit's business.
  (
    umask 077
    sed -e '/^JADA_DATA_DIR=/d' -e '/^JADA_ALERT_LOG=/d' -e '/^JADA_LOG_FILE=/d' -e '/^[A-Z_]*_URL=$/d' \
      -e "s|^JADA_SECRET_KEY=.*|JADA_SECRET_KEY=$(openssl rand -base64 32)|" "$SOURCE/.env.example" >"$ENV_FILE.new"
    mv "$ENV_FILE.new" "$ENV_FILE"
  )
}

# The paths that other tools know are links: a file that a service may write through ReadWritePaths= is lost at its first rotation.
link_log() { # name
  local file=$LOGS/$1 link=$ROOT/var/log/$1
  if [ ! -e "$file" ]; then
    say "file $file"
    run install -m 0640 /dev/null "$file"
    own jada:jada "$file"
  fi
  if [ "$(readlink "$link" 2>/dev/null || true)" = "jada/$1" ]; then return; fi
  if [ -e "$link" ] || [ -L "$link" ]; then
    if [ -z "$ROOT" ] && "$SYSTEMCTL" is-active --quiet "$OLD_UNIT"; then
      say "note: $link stays the old daemon's while $OLD_UNIT runs; run this script again after you have stopped it"
      return
    fi
    say "the old $link is kept as $LOGS/before-$1"
    run mv -n "$link" "$LOGS/before-$1"
  fi
  say "link $link -> jada/$1"
  run ln -s "jada/$1" "$link"
}

# --- Running it -------------------------------------------------------------------------------------

as_bot() { # script arguments...: a terminal script of the present release
  local node=$HOME_DIR/current/node_modules/.bin/node script=$1
  shift
  local words=(env -C "$HOME_DIR/current" "JADA_DATA_DIR=$STATE" "$node" "src/cli/$script.ts" "$@")
  if [ -n "$ROOT" ]; then run "${words[@]}"; else run runuser -u jada -- "${words[@]}"; fi
}

is_healthy() {
  local port look
  port=$(sed -n 's/^PORT=\([0-9][0-9]*\)$/\1/p' "$ENV_FILE")
  # Three good answers in a row.
  # shellcheck disable=SC2016 # it is JavaScript
  look='
    const [port, seconds] = process.argv.slice(1).map(Number)
    let good = 0
    const look = async () => (await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(5000) })).status === 200
    for (const end = performance.now() + seconds * 1000; performance.now() < end && good < 3; ) {
      good = (await look().catch(() => false)) ? good + 1 : 0
      if (good < 3) await new Promise((resolve) => setTimeout(resolve, 1000))
    }
    process.exit(good < 3 ? 1 : 0)
  '
  "$HOME_DIR/current/node_modules/.bin/node" --input-type=module -e "$look" "${port:-3000}" "$HEALTH_SECONDS"
}

comes_up() {
  if $DRY; then say 'would start it and wait for /healthz'; return 0; fi
  "$SYSTEMCTL" restart "$UNIT" && is_healthy
}

switch_back() { # previous release folder, backup or nothing
  say 'the new release does not come up: back to the one before'
  "$SYSTEMCTL" stop "$UNIT" || true
  activate "$1"
  if comes_up; then return 0; fi
  [ -n "$2" ] || return 1
  say "nor does that one: perhaps the new release changed the database; restoring $2"
  "$SYSTEMCTL" stop "$UNIT" || true
  as_bot restore "$2"
  comes_up
}

upgrade() { # new release folder, previous release folder
  local saved='' bad=
  as_bot backup
  saved=$(find "$STATE/backups" -name 'jada-*.sqlite' 2>/dev/null | sort | tail -n 1 || true)
  activate "$1"
  if comes_up; then
    point "$HOME_DIR/previous" "releases/$(basename "$2")"
    say "upgraded to $(basename "$1"); back with: install.sh --rollback"
    return
  fi
  bad=$(basename "$1")
  switch_back "$2" "$saved" || fail "neither release comes up: journalctl -u $UNIT, docs/operations.md \"On a bad night\""
  fail "$bad did not come up, $(basename "$2") runs again: journalctl -u $UNIT"
}

roll_back() {
  local now before
  now=$(readlink "$HOME_DIR/current" || true)
  before=$(readlink "$HOME_DIR/previous" || true)
  if [ -z "$before" ] || [ ! -d "$HOME_DIR/$before" ]; then fail 'there is no release before this one'; fi
  say "from ${now##*/} back to ${before##*/}"
  local running=false
  if is_running "$UNIT"; then running=true; as_bot backup; fi
  activate "$HOME_DIR/$before"
  point "$HOME_DIR/previous" "$now"
  if ! $running; then say "${before##*/} is in place; it does not run"; return; fi
  comes_up || fail "it does not come up. If its log says that a newer version wrote the database: systemctl stop $UNIT, jada-bot restore a backup of before the upgrade, systemctl start $UNIT"
  say "${before##*/} runs"
}

prune_releases() {
  local keep_a keep_b release
  keep_a=$(readlink "$HOME_DIR/current" || true)
  keep_b=$(readlink "$HOME_DIR/previous" || true)
  for release in "$RELEASES"/*/; do
    release=releases/$(basename "$release")
    if [ "$release" = "$keep_a" ] || [ "$release" = "$keep_b" ] || [ "$release" = 'releases/*' ]; then continue; fi
    say "old release ${release##*/} deleted"
    run rm -rf "${HOME_DIR:?}/$release"
  done
}

install_all() {
  local name present=
  if [ -z "$ROOT" ]; then check_machine; fi
  folder 0755 root:root "$RELEASES"
  folder 0700 jada:jada "$STATE"
  folder 0750 jada:jada "$LOGS"
  make_settings
  link_log jada-agent.log
  link_log jada-agent-alerts.log
  name=$(release_name)
  make_release "$name"
  if $DRY && [ ! -d "$RELEASES/$name" ]; then say "would switch to $name, and check it when the bot runs"; return; fi
  present=$(readlink "$HOME_DIR/current" || true)
  if is_running "$UNIT" && [ -n "$present" ] && [ "$present" != "releases/$name" ]; then
    upgrade "$RELEASES/$name" "$HOME_DIR/$present"
  else
    if [ -n "$present" ] && [ "$present" != "releases/$name" ]; then point "$HOME_DIR/previous" "$present"; fi
    activate "$RELEASES/$name"
    if ! is_running "$UNIT"; then
      say "$name is installed and does not run. Next: fill in $ENV_FILE, check it with jada-bot doctor, then: systemctl enable --now $UNIT"
    fi
  fi
  prune_releases
}

if $ROLLBACK; then roll_back; else install_all; fi
