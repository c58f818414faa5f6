import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { ROOT } from '../support/repo-imports.ts'

const TOOL = 'systemd-analyze'
const isThere = spawnSync(TOOL, ['--version']).status === 0
const UNIT = join(ROOT, 'deploy/systemd/jada-bot.service')
/** The most that `systemd-analyze security` may find; 10 is a service without any protection. */
const MOST_EXPOSURE = 2

test('systemd is there to test with', () => {
  if (!isThere) console.warn(`The tests of the service unit are SKIPPED: there is no ${TOOL}. Install it with apt-get install systemd.`)
  expect(isThere || process.env['CI'] === undefined, `CI needs ${TOOL}`).toBe(true)
})

const lines = readFileSync(UNIT, 'utf8').split('\n')
const valuesOf = (key: string): string[] => lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1))

describe('the unit', () => {
  it('starts again after a crash, a hang and a kill, but not with wrong settings', () => {
    expect(valuesOf('Type')).toEqual(['notify'])
    expect(valuesOf('NotifyAccess')).toEqual(['all'])
    expect(valuesOf('WatchdogSec')).toEqual(['60'])
    expect(valuesOf('Restart')).toEqual(['on-failure'])
    expect(valuesOf('RestartPreventExitStatus')).toEqual(['78'])
    expect(valuesOf('StartLimitIntervalSec')).toEqual(['0'])
  })

  it('runs the pinned Node directly, and never forbids it to compile', () => {
    expect(valuesOf('ExecStart')).toEqual(['/opt/jada-bot/current/node_modules/.bin/node --max-semi-space-size=2 src/main.ts'])
    expect(valuesOf('Environment')).toContain('NODE_COMPILE_CACHE=/var/cache/jada/node')
    expect(valuesOf('MemoryDenyWriteExecute')).toEqual([])
    expect(valuesOf('ProcSubset')).toEqual([])
  })

  it('holds no secret', () => {
    expect(valuesOf('EnvironmentFile')).toEqual(['/etc/jada-bot/jada-bot.env'])
    expect(valuesOf('Environment').join('\n')).not.toMatch(/TOKEN|SECRET|KEY/)
    expect(valuesOf('LimitCORE')).toEqual(['0'])
  })
})

test('a terminal script has a folder in memory of its own, and leaves the folder of the service alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jada-bin-'))
  writeFileSync(join(folder, 'systemd-run'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 })
  const run = () =>
    spawnSync('/bin/sh', [join(ROOT, 'deploy/bin/jada-bot'), 'audit', '--json'], {
      encoding: 'utf8',
      env: { PATH: `${folder}:/usr/bin:/bin` },
    })
  const folders = [run(), run()].map(({ stdout }) => stdout.split('\n').filter((word) => word.startsWith('--property=RuntimeDirectory')))
  const words = run().stdout.trim().split('\n')
  rmSync(folder, { recursive: true })
  for (const own of folders) expect(own).toEqual([expect.stringMatching(/=jada-terminal-\d+$/), '--property=RuntimeDirectoryMode=0700'])
  expect(folders[0]).not.toEqual(folders[1])
  expect(words).toContain('--property=SupplementaryGroups=systemd-journal')
  expect(words.slice(-2)).toEqual(['src/cli/audit.ts', '--json'])
})

describe.skipIf(!isThere)('systemd', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jada-unit-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Everything is read as it is installed, but for the program, which must be there to be found. */
  function copy(change: (text: string) => string = (text) => text): string {
    const program = join(folder, 'node_modules/.bin/node')
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
    writeFileSync(program, '#!/bin/sh\n')
    chmodSync(program, 0o755)
    const unit = join(folder, 'jada-bot.service')
    cpSync(UNIT, unit)
    writeFileSync(unit, change(lines.join('\n').replaceAll('/opt/jada-bot/current', folder)))
    return unit
  }
  const verify = (unit: string): string => {
    const { stdout, stderr } = spawnSync(TOOL, ['verify', '--man=no', unit], { encoding: 'utf8' })
    // The machine may have units of its own that complain.
    return `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line.includes(folder) || line.includes('jada-bot'))
      .join('\n')
  }

  it('has nothing to say about it', () => {
    expect(verify(copy())).toBe('')
  })

  it('would have: a misspelt key is seen', () => {
    expect(verify(copy((text) => text.replace('ProtectClock=', 'ProtectClocks=')))).toContain('ProtectClocks')
  })

  it(`finds it exposed by at most ${MOST_EXPOSURE} of 10`, () => {
    const { stdout } = spawnSync(TOOL, ['security', '--offline=true', '--no-pager', copy()], { encoding: 'utf8' })
    const exposure = Number(/Overall exposure level for jada-bot\.service: ([\d.]+)/.exec(stdout)?.[1])
    expect(exposure).toBeGreaterThan(0)
    expect(exposure).toBeLessThanOrEqual(MOST_EXPOSURE)
  })
})
