import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { importSettings, settingLine } from '../../src/app/import-settings.ts'
import { readOldEnv } from '../../src/app/old-env.ts'
import { temporaryFolder } from '../support/repo-database.ts'
import { ROOT } from '../support/repo-imports.ts'

const SHEET = '1aBcD_efGh-ijkl'
const imported = (text: string) => importSettings(readOldEnv(text))

test('obvious names are taken over, an address of the sheet as its id, and the rest is still needed', () => {
  const { taken, missing, unknown } = imported(
    `OAUTH_CLIENT_ID=id.apps.example\nGOOGLE_CLIENT_SECRET=hush\nPORT_SHEET_URL=https://docs.google.com/spreadsheets/d/${SHEET}/edit#gid=0\nCLAUDE_API_KEY=sk-ant-0123456789\nDASHBOARD=x`,
  )
  expect(taken.map(({ name, from, value }) => [name, from, value])).toEqual([
    ['GOOGLE_CLIENT_ID', 'OAUTH_CLIENT_ID', 'id.apps.example'],
    ['GOOGLE_CLIENT_SECRET', 'GOOGLE_CLIENT_SECRET', 'hush'],
    ['JADA_SHEET_ID', 'PORT_SHEET_URL', SHEET],
    ['ANTHROPIC_API_KEY', 'CLAUDE_API_KEY', 'sk-ant-0123456789'],
  ])
  expect(unknown).toEqual(['DASHBOARD'])
  expect(missing.map((line) => line.split(':')[0])).toEqual(['SLACK_BOT_TOKEN', 'JADA_OPS_CHANNEL', 'JADA_OPERATORS', 'SLACK_APP_TOKEN'])
})

test('what must not come along, or is not as it must be, says why and never its value', () => {
  const { taken, left } = imported(
    'GOOGLE_REFRESH_TOKEN=1//secret\nAWS_SECRET_ACCESS_KEY=secret\nJADA_SECRET_KEY=secret\nLOG_FILE=/x\nSLACK_CHANNEL=#secret-ops\nMAX_TURNS=300\nANTHROPIC_API_KEY=',
  )
  expect(taken).toEqual([])
  expect(left.map(({ from }) => from).toSorted()).toEqual([
    'ANTHROPIC_API_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'GOOGLE_REFRESH_TOKEN',
    'JADA_SECRET_KEY',
    'LOG_FILE',
    'MAX_TURNS',
    'SLACK_CHANNEL',
  ])
  expect(left).toContainEqual({ from: 'MAX_TURNS', why: 'as JADA_MAX_TURNS it must be a whole number from 1 to 30' })
  expect(JSON.stringify(left)).not.toMatch(/1\/\/secret|secret-ops|=secret/)
})

test("of two names for one thing this bot's own counts, and the other is told", () => {
  const { taken, left } = imported(`SHEET_ID=other\nJADA_SHEET_ID=${SHEET}\nSPREADSHEET_ID=${SHEET}`)
  expect(taken).toEqual([{ name: 'JADA_SHEET_ID', from: 'JADA_SHEET_ID', value: SHEET }])
  expect(left).toEqual([{ from: 'SHEET_ID', why: 'JADA_SHEET_ID says something else, and was taken for JADA_SHEET_ID' }])
})

test.each(['plain', '*/30 * * * *', 'a#b', 'say "hi"', '$HOME', '{MMMM yyyy}', ' spaced '])(
  '%j is written so that it is read again as it was',
  (value) => {
    const line = settingLine('NAME', value) ?? ''
    expect(parseEnv(line)['NAME']).toBe(value)
    expect(readOldEnv(line).values.get('NAME')).toBe(value)
  },
)

test('a value that cannot be written safely is not', () => {
  expect(["it's", 'two\nlines', 'back\\slash'].map((value) => settingLine('NAME', value))).toEqual([null, null, null])
})

test('the script shows no secret, writes for its owner only, and overwrites nothing', () => {
  const folder = temporaryFolder()
  const [old, out] = [join(folder, 'old.env'), join(folder, 'new.env')]
  writeFileSync(old, `ANTHROPIC_API_KEY=sk-ant-very-secret\nSHEET_ID=${SHEET}\nexport GOOGLE_CLIENT_SECRET="hush-hush"\r\n`)
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'src/cli/import.ts'), ...words], { encoding: 'utf8', env: {} })
  const first = run(old, '--out', out)
  expect([first.status, first.stderr]).toEqual([0, ''])
  expect(first.stdout).not.toMatch(/very-secret|hush-hush/)
  expect(first.stdout).toContain('ANTHROPIC_API_KEY: (secret, 18 characters)')
  expect(first.stdout).toContain(`JADA_SHEET_ID (from SHEET_ID): ${SHEET}`)
  expect(first.stdout).toContain('SLACK_BOT_TOKEN: is missing')
  expect(statSync(out).mode & 0o777).toBe(0o600)
  const written = readFileSync(out, 'utf8')
  expect(parseEnv(written)).toEqual({ GOOGLE_CLIENT_SECRET: 'hush-hush', JADA_SHEET_ID: SHEET, ANTHROPIC_API_KEY: 'sk-ant-very-secret' })
  const again = run(old, '--out', out)
  expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('is there already, and is not overwritten')])
  expect(readFileSync(out, 'utf8')).toBe(written)
  expect(run().status).toBe(2)
  expect(run(join(folder, 'none')).stderr).toContain('cannot be read (ENOENT)')
})
