import { appendFileSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { alertLine } from '../../../src/services/incidents/alert-line.ts'
import { createAlertLog } from '../../../src/services/delivery/alert-log.ts'
import { anyIncident, incident, KINDS, NETWORK_DOWN, NOON, TOKEN_DEAD } from '../../support/incident-samples.ts'
import { temporaryFolder } from '../../support/repo-database.ts'

const instant = z.iso.datetime({ precision: 3 }).endsWith('Z')

/** The contract's words, strictly: no field more, none less. */
const LINE = z.strictObject({
  timestamp: instant,
  severity: z.enum(['CRITICAL', 'WARNING', 'RESOLVED']),
  service: z.literal('jada-agent'),
  component: z.literal('port-sheet'),
  event: z.enum(KINDS as [(typeof KINDS)[number], ...(typeof KINDS)[number][]]),
  incident: z.int().positive(),
  message: z.string().min(1),
  consecutive_failures: z.int().nonnegative(),
  first_failure: instant.nullable(),
  last_success: instant.nullable(),
  next_attempt: instant.nullable(),
  error: z.strictObject({ class: z.string().nullable(), code: z.string().nullable(), status: z.int().nullable() }),
  action: z.string().min(1),
  runbook: z.string().regex(/^docs\/runbook\.md#[a-z-]+$/),
})

describe('the line', () => {
  test('a dead token, to the letter', () => {
    expect(alertLine(incident(), NOON)).toEqual({
      timestamp: '2026-03-02T12:00:00.000Z',
      severity: 'CRITICAL',
      service: 'jada-agent',
      component: 'port-sheet',
      event: 'oauth_token_failure',
      incident: 7,
      message: 'Google no longer accepts our token, so the port sheet sync is blocked',
      consecutive_failures: 4,
      first_failure: '2026-03-02T11:58:55.000Z',
      last_success: '2026-03-02T11:30:00.000Z',
      next_attempt: '2026-03-02T13:00:00.000Z',
      error: { class: 'reauth-required', code: 'invalid_grant', status: 400 },
      action: 'Re-authorize Google: press Re-authorize on the card, type /jada reauth, or run npm run reauth on the server',
      runbook: 'docs/runbook.md#oauth-token-failure',
    })
  })

  test('its recovery says what was proven and when', () => {
    const resolved = incident({ state: 'resolved', proven: true, resolvedAt: NOON + 60_000, resolution: '3 charters changed' })
    expect(alertLine(resolved, NOON + 60_000)).toMatchObject({
      severity: 'RESOLVED',
      message: 'Recovered: 3 charters changed',
      last_success: '2026-03-02T12:01:00.000Z',
      next_attempt: null,
      action: 'none',
    })
  })

  test('a close without proof does not claim a success', () => {
    const closed = incident({ state: 'resolved', proven: false, resolvedAt: NOON + 60_000, resolvedBy: 'U0MARA' })
    expect(alertLine(closed, NOON + 60_000)).toMatchObject({
      severity: 'RESOLVED',
      message: 'Closed by U0MARA, not proven',
      last_success: '2026-03-02T11:30:00.000Z',
    })
  })

  test('a warning is a warning', () => {
    expect(alertLine(incident({ ...NETWORK_DOWN, state: 'open' } as never), NOON)).toMatchObject({
      severity: 'WARNING',
      event: 'sync_failing',
    })
  })

  test('any incident makes one line of the schema', () => {
    fc.assert(
      fc.property(anyIncident(), (one) => {
        const text = JSON.stringify(alertLine(one, NOON))
        expect(text).not.toMatch(/[\r\n]/)
        LINE.parse(JSON.parse(text))
      }),
    )
  })

  test('each kind has a section in the runbook of its own', () => {
    const sections = KINDS.map((kind) => alertLine(incident({ kind }), NOON).runbook)
    expect(new Set(sections).size).toBe(KINDS.length)
    expect(sections[0]).toBe('docs/runbook.md#oauth-token-failure')
  })
})

describe('the file', () => {
  const line = (n: number): string => JSON.stringify(alertLine(incident({ id: n }), NOON))

  test('lines are appended to what is there, and the file is not for everybody', async () => {
    const path = join(temporaryFolder(), 'alerts.log')
    const log = createAlertLog(path)
    expect(await log.append(line(1))).toEqual({ kind: 'sent', ts: null })
    expect(await log.append(line(2))).toEqual({ kind: 'sent', ts: null })
    expect(readFileSync(path, 'utf8')).toBe(`${line(1)}\n${line(2)}\n`)
    expect(statSync(path).mode & 0o007).toBe(0)
  })

  test('logrotate may move the file between two lines', async () => {
    const path = join(temporaryFolder(), 'alerts.log')
    const log = createAlertLog(path)
    await log.append(line(1))
    renameSync(path, `${path}.1`)
    await log.append(line(2))
    expect(readFileSync(`${path}.1`, 'utf8')).toBe(`${line(1)}\n`)
    expect(readFileSync(path, 'utf8')).toBe(`${line(2)}\n`)
  })

  test('a written line is found again, near the end of a long file too, and only the very same one', async () => {
    const path = join(temporaryFolder(), 'alerts.log')
    const log = createAlertLog(path)
    expect(await log.has(line(1))).toBe(false)
    writeFileSync(path, 'old line with ü\n'.repeat(20_000))
    await log.append(line(1))
    for (let n = 2; n < 40; n += 1) await log.append(line(n))
    expect(await log.has(line(1))).toBe(true)
    expect(await log.has(line(1).slice(1))).toBe(false)
    expect(await log.has(line(99))).toBe(false)
  })

  test('half a line, left by a crash or a full disk, does not spoil the next one', async () => {
    const path = join(temporaryFolder(), 'alerts.log')
    const log = createAlertLog(path)
    appendFileSync(path, `${line(1)}\n${line(2).slice(0, 50)}`)
    expect(await log.has(line(2))).toBe(false)
    await log.append(line(2))
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([line(1), line(2).slice(0, 50), line(2), ''])
  })

  test.each([
    ['a full device', () => '/dev/full', 'ENOSPC'],
    ['a directory', (folder: string) => folder, 'EISDIR'],
    ['a missing folder', (folder: string) => join(folder, 'none', 'alerts.log'), 'ENOENT'],
    ['a file in the way', (folder: string) => join(folder, 'file', 'alerts.log'), 'ENOTDIR'],
  ])('%s is a refusal with its code, never an exception', async (_name, pathOf, code) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const log = createAlertLog(pathOf(folder))
    expect(await log.append(line(1))).toEqual({ kind: 'refused', code, waitMs: null })
    expect(await log.has(line(1))).toBe(false)
  })

  test('no line holds a field of the evidence that is not in the contract', () => {
    const text = JSON.stringify(
      alertLine(incident({ evidence: { ...TOKEN_DEAD.evidence, detail: 'a-detail', findings: ['a-finding'] } }), NOON),
    )
    expect(text).not.toMatch(/a-detail|a-finding|office@jada/)
  })
})
