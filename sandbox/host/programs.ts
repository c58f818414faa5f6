import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The programs of the watched host: they say what stands in files of ours, and refuse what the real ones would. */

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** After this a program of the same name is the machine's own. */
const OWN = 'PATH=/usr/bin:/bin; export PATH'

const PROGRAMS: Readonly<Record<string, string>> = {
  cat: `case "$1" in /proc/*) set -- "$SAYS$1" ;; esac
exec cat "$@"`,
  // head -n 8 /proc/meminfo; and head -c of what comes in.
  head: `case "\${3:-}" in /proc/*) set -- "$1" "$2" "$SAYS$3" ;; esac
exec head "$@"`,
  df: `[ "$*" = '-P -k /' ] || { echo 'df: only df -P -k / is played here' >&2; exit 1; }
exec cat "$SAYS/df"`,
  systemctl: `[ "$1" = show ] || { echo "Unknown command verb '$1'." >&2; exit 1; }
for unit; do :; done
case "$unit" in *.service) ;; *) echo "Invalid unit name \\"$unit\\"" >&2; exit 1 ;; esac
[ -f "$SAYS/units/$unit" ] && exec cat "$SAYS/units/$unit"
echo LoadState=not-found; echo ActiveState=inactive; echo SubState=dead`,
  timedatectl: `[ "$1" = show ] || exit 1
exec cat "$SAYS/timedatectl"`,
  // Newest first, as --reverse wants it; a unit that nobody knows has no lines.
  journalctl: `case " $* " in *' _TRANSPORT=kernel '*) [ ! -f "$SAYS/kernel" ] || exec cat "$SAYS/kernel"; exit 0 ;; esac
unit=
while [ $# -gt 0 ]; do [ "$1" = -u ] && unit="$2"; shift; done
[ -z "$unit" ] || [ -f "$SAYS/units/$unit" ] || { echo '-- No entries --'; exit 0; }
exec cat "$SAYS/journal"`,
}

/** Installs them in `folder/bin`, which is given back, so that they say what stands in `folder/says`. */
export function installPrograms(folder: string): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const [name, script] of Object.entries(PROGRAMS)) {
    const file = join(bin, name)
    writeFileSync(file, `#!/bin/sh\nSAYS=${quoted(join(folder, 'says'))}\n${OWN}\n${script}\n`)
    chmodSync(file, 0o755)
  }
  return bin
}

/** What they say from now on, by the file's name. */
export function writeSayings(folder: string, sayings: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(sayings)) {
    const file = join(folder, 'says', name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
