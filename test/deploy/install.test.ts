import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import { makeDataDir } from '../support/data-dir.ts'
import { ROOT } from '../support/repo-imports.ts'

const SCRIPTS = ['deploy/install.sh', 'deploy/bin/jada-bot', 'deploy/test/boot.sh']
const isThere = spawnSync('shellcheck', ['--version']).status === 0

test('shellcheck has nothing to say about the scripts', () => {
  if (!isThere) console.warn('The scripts are NOT CHECKED: there is no shellcheck. Install it with apt-get install shellcheck.')
  expect(isThere || process.env['CI'] === undefined, 'CI needs shellcheck').toBe(true)
  if (!isThere) return
  const { stdout } = spawnSync(
    'shellcheck',
    SCRIPTS.filter((name) => existsSync(join(ROOT, name))),
    { cwd: ROOT, encoding: 'utf8' },
  )
  expect(stdout).toBe('')
})

/** Stands for npm: the release gets a Node that does what the terminal scripts would. A `sick` release never answers /healthz. */
const NPM = `#!/bin/sh
mkdir -p node_modules/.bin
cat >node_modules/.bin/node <<'NODE'
#!/bin/sh
echo "node $1 $2" >>"$CALLS"
case "$1" in
  src/cli/backup.ts) mkdir -p "$JADA_DATA_DIR/backups"; : >"$JADA_DATA_DIR/backups/jada-20261102-094700.sqlite" ;;
  src/cli/restore.ts) rm -f "$JADA_DATA_DIR/changed-by-new-release" ;;
  --input-type=module) case "$(readlink "$INSTALL_ROOT/opt/jada-bot/current")" in *sick*) exit 1 ;; esac ;;
esac
NODE
chmod +x node_modules/.bin/node
`

/** Stands for systemctl: a `broken` release does not start, and changes the database so that older ones do not either. */
const SYSTEMCTL = `#!/bin/sh
echo "systemctl $*" >>"$CALLS"
case "$1" in
  is-active) [ "$3" = jada-bot.service ] && [ -e "$INSTALL_ROOT/active" ]; exit ;;
  restart)
    changed=$INSTALL_ROOT/var/lib/jada/changed-by-new-release
    case "$(readlink "$INSTALL_ROOT/opt/jada-bot/current")" in
      *broken*) : >"$changed"; exit 1 ;;
    esac
    [ ! -e "$changed" ] ;;
esac
`

interface Machine {
  readonly root: string
  install(...words: string[]): { status: number | null; text: string }
  /** What was called since the last time. */
  calls(): string[]
  current(): string
  /** Every path with its mode, its link's target, or its size. */
  tree(): string[]
}

function makeMachine(): Machine {
  const folder = makeDataDir()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [root, bin, calls] = [join(folder, 'root'), join(folder, 'bin'), join(folder, 'calls')]
  for (const path of [root, bin]) mkdirSync(path)
  writeFileSync(calls, '')
  for (const [name, text] of Object.entries({ npm: NPM, systemctl: SYSTEMCTL })) {
    writeFileSync(join(bin, name), text)
    chmodSync(join(bin, name), 0o755)
  }
  const describeEntry = (path: string): string => {
    const entry = lstatSync(path)
    if (entry.isSymbolicLink()) return `-> ${readlinkSync(path)}`
    return `${(entry.mode & 0o777).toString(8)} ${entry.isFile() ? entry.size : ''}`
  }
  return {
    root,
    install: (...words) => {
      const { status, stdout, stderr } = spawnSync(join(ROOT, 'deploy/install.sh'), ['--root', root, ...words], {
        encoding: 'utf8',
        env: {
          PATH: `${bin}:${process.env['PATH'] ?? ''}`,
          INSTALL_ROOT: root,
          CALLS: calls,
          JADA_INSTALL_SYSTEMCTL: join(bin, 'systemctl'),
        },
      })
      return { status, text: `${stdout}${stderr}` }
    },
    calls: () => {
      const lines = readFileSync(calls, 'utf8').split('\n').filter(Boolean)
      writeFileSync(calls, '')
      return lines.filter((line) => !/is-active|--version/.test(line))
    },
    current: () => readlinkSync(join(root, 'opt/jada-bot/current')),
    tree: () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .toSorted((a, b) => a.localeCompare(b))
        .map((name) => `${name} ${describeEntry(join(root, name))}`),
  }
}

describe('an installation', () => {
  it('puts everything in its place, and a second time changes nothing', () => {
    const machine = makeMachine()
    const first = machine.install('--version', '1.0.0')
    expect(first.status, first.text).toBe(0)
    expect(first.text).toContain('is installed and does not run')
    const mode = (path: string): string => (statSync(join(machine.root, path)).mode & 0o777).toString(8)
    expect(mode('etc/jada-bot')).toBe('700')
    expect(mode('etc/jada-bot/jada-bot.env')).toBe('600')
    expect(mode('var/lib/jada')).toBe('700')
    expect(mode('var/log/jada/jada-agent-alerts.log')).toBe('640')
    expect(readlinkSync(join(machine.root, 'var/log/jada-agent.log'))).toBe('jada/jada-agent.log')
    expect(readlinkSync(join(machine.root, 'var/log/jada-agent-alerts.log'))).toBe('jada/jada-agent-alerts.log')
    for (const path of ['etc/systemd/system/jada-bot.service', 'etc/logrotate.d/jada-bot', 'usr/local/sbin/jada-bot'])
      expect(existsSync(join(machine.root, path)), path).toBe(true)
    for (const path of ['src/main.ts', 'config/sheet.yml', 'docs/operations.md', 'package-lock.json'])
      expect(existsSync(join(machine.root, 'opt/jada-bot/current', path)), path).toBe(true)
    const before = machine.tree()
    const second = machine.install('--version', '1.0.0')
    expect(second.status, second.text).toBe(0)
    expect(machine.tree()).toEqual(before)
  })

  it('makes settings with a key of their own that the unit does not contradict, and never touches them again', () => {
    const machine = makeMachine()
    machine.install('--version', '1.0.0')
    const file = join(machine.root, 'etc/jada-bot/jada-bot.env')
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(/^JADA_SECRET_KEY=[A-Za-z0-9+/]{43}=$/m)
    // An empty line would undo what the unit says.
    expect(text).not.toMatch(/^(?:JADA_DATA_DIR|JADA_ALERT_LOG|JADA_LOG_FILE)=/m)
    expect(text).toMatch(/^SLACK_BOT_TOKEN=$/m)
    writeFileSync(file, 'SLACK_BOT_TOKEN=xoxb-mine\n')
    machine.install('--version', '1.0.1')
    expect(readFileSync(file, 'utf8')).toBe('SLACK_BOT_TOKEN=xoxb-mine\n')
  })

  it('keeps the logs of the daemon before', () => {
    const machine = makeMachine()
    mkdirSync(join(machine.root, 'var/log'), { recursive: true })
    writeFileSync(join(machine.root, 'var/log/jada-agent.log'), 'old lines\n')
    machine.install('--version', '1.0.0')
    expect(readFileSync(join(machine.root, 'var/log/jada/before-jada-agent.log'), 'utf8')).toBe('old lines\n')
    expect(readFileSync(join(machine.root, 'var/log/jada-agent.log'), 'utf8')).toBe('')
  })

  it('with --dry-run says what it would do and does nothing', () => {
    const machine = makeMachine()
    const said = machine.install('--dry-run', '--version', '1.0.0')
    expect(said.status, said.text).toBe(0)
    expect(said.text).toContain('release 1.0.0: its files and npm ci')
    expect(said.text).toContain('would switch to 1.0.0')
    expect(machine.tree()).toEqual([])
    machine.install('--version', '1.0.0')
    const before = machine.tree()
    expect(machine.install('--dry-run', '--version', '2.0.0').status).toBe(0)
    expect(machine.tree()).toEqual(before)
  })
})

describe('an upgrade', () => {
  function running(): Machine {
    const machine = makeMachine()
    machine.install('--version', '1.0.0')
    writeFileSync(join(machine.root, 'active'), '')
    machine.calls()
    return machine
  }

  it('backs up, switches, starts and looks; --rollback goes back; only two releases stay', () => {
    const machine = running()
    const up = machine.install('--version', '2.0.0')
    expect(up.text).toContain('upgraded to 2.0.0')
    expect(machine.current()).toBe('releases/2.0.0')
    expect(machine.calls()).toEqual(['node src/cli/backup.ts ', 'systemctl restart jada-bot.service', 'node --input-type=module -e'])
    machine.install('--version', '3.0.0')
    expect(readdirSync(join(machine.root, 'opt/jada-bot/releases'))).toEqual(['2.0.0', '3.0.0'])
    const back = machine.install('--rollback')
    expect(back.status, back.text).toBe(0)
    expect(machine.current()).toBe('releases/2.0.0')
    expect(machine.install('--rollback').text).toContain('from 2.0.0 back to 3.0.0')
    expect(machine.current()).toBe('releases/3.0.0')
  })

  it('that never answers is taken back', () => {
    const machine = running()
    const up = machine.install('--version', '2.0.0-sick')
    expect(up.status).toBe(1)
    expect(up.text).toContain('2.0.0-sick did not come up, 1.0.0 runs again')
    expect(machine.current()).toBe('releases/1.0.0')
    expect(machine.calls()).not.toContain('node src/cli/restore.ts')
    expect(machine.install('--rollback').text).toContain('there is no release before this one')
  })

  it('that changed the database and does not start is taken back together with the database', () => {
    const machine = running()
    const up = machine.install('--version', '2.0.0-broken')
    expect(up.status).toBe(1)
    expect(up.text).toContain('1.0.0 runs again')
    expect(machine.current()).toBe('releases/1.0.0')
    expect(machine.calls()).toEqual([
      'node src/cli/backup.ts ',
      'systemctl restart jada-bot.service',
      'systemctl stop jada-bot.service',
      'systemctl restart jada-bot.service',
      'systemctl stop jada-bot.service',
      `node src/cli/restore.ts ${machine.root}/var/lib/jada/backups/jada-20261102-094700.sqlite`,
      'systemctl restart jada-bot.service',
      'node --input-type=module -e',
    ])
  })
})
