import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkView } from '../../../sandbox/slack/blocks/view.ts'
import { homeView, sailingLine, settled, type Viewer } from '../../../src/bot/views/home.ts'
import { partLines } from '../../../src/bot/views/home-parts.ts'
import type { Home } from '../../../src/services/status/read-home.ts'
import { dayOfTrouble, healthOf, ownService } from '../../support/host-health.ts'
import { incident } from '../../support/incident-samples.ts'
import { HOME, NOW, sailing, session, task } from '../../support/home-samples.ts'

const OPERATOR: Viewer = { mayAct: true, operators: ['U0MARA'], opsChannel: 'C0OPS' }
const READER: Viewer = { ...OPERATOR, mayAct: false }
const HOUR = 3_600_000

const asFields = (view: object): Record<string, unknown> => JSON.parse(JSON.stringify(view)) as Record<string, unknown>
const wordOf = (home: Home, name: string): string => partLines(home).find((part) => part.name === name)?.word ?? ''

describe('a Home', () => {
  it('is taken by Slack, for who may act and for who may not', () => {
    for (const viewer of [OPERATOR, READER]) expect(checkView(asFields(homeView(HOME, viewer)), 'home')).toBeUndefined()
  })

  const words = fc.oneof(
    fc.string({ maxLength: 400 }),
    fc.constantFrom('<!channel>', '<@U0MARA> & *x*', '`'.repeat(300), '\u{1F6A2}'.repeat(200)),
  )
  it('is taken whatever it is told, and rings nobody', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 70 }), words, (titles, vessel) => {
        const rows = titles.map((title, id) => ({ task: task(id, id % 2 === 0 ? 'needs-person' : 'queued', title), waitsFor: [1, 2, 3] }))
        const home: Home = {
          ...HOME,
          tasks: { now: NOW, rows, counts: { 'needs-person': 400, queued: 500 } },
          sailings: titles.map((title, index) => sailing(title, { vessel, captain: vessel, startsAt: NOW + index })),
          sessions: { now: NOW, rows: titles.map((title, id) => ({ session: session(id), task: task(id, 'done', title) })) },
          requests: HOME.requests.map((one) => ({ ...one, what: { type: 'question', question: vessel, choices: [] } })),
        }
        const view = homeView(home, OPERATOR)
        expect(checkView(asFields(view), 'home')).toBeUndefined()
        expect(JSON.stringify(view)).not.toMatch(/<!channel>|<@U0MARA> &amp/)
      }),
      { numRuns: 60 },
    )
  })

  it('has a button for each act an operator may do, and none for anybody else', () => {
    const ids = (viewer: Viewer): string[] =>
      [...JSON.stringify(homeView(HOME, viewer)).matchAll(/"action_id":"([^"]+)"/g)].map(([, id = '']) => id)
    expect(ids(OPERATOR)).toEqual([
      'home_sync',
      'home_reauth',
      'home_audit',
      'home_add_task',
      'home_pause_agent',
      'task_retry',
      'task_done',
      'task_retry',
      'task_done',
    ])
    expect(ids(READER)).toEqual([])
  })

  it('puts what waits for a person before every other task', () => {
    const text = JSON.stringify(homeView(HOME, OPERATOR))
    expect(text.indexOf('Ring the harbour office')).toBeLessThan(text.indexOf('Check the agreements of March'))
    expect(text).toContain('Session 5 has been asking since')
  })

  it('says of the server what is not good, a line each, and of an audit that is old only that', () => {
    const text = (server: Home['server']): string => JSON.stringify(homeView({ ...HOME, server }, OPERATOR))
    expect(text(HOME.server)).toContain('*Server: OK*, all 8 checks are good, 10 min ago.')
    const trouble = healthOf(dayOfTrouble(), NOW)
    expect(text(trouble)).toMatch(/\*Server: CRITICAL\*, 1 of 8 checks is good, 10 min ago\.\\n• Service: \*CRITICAL\*/)
    expect(text(trouble)).toContain('• Disk: *UNKNOWN*')
    expect(text({ ...HOME.server, stale: true })).toMatch(/\*Server: UNKNOWN\*, it was looked at 10 min ago.*; then all 8 checks are good/)
    expect(text({ audit: null, verdict: 'unknown', stale: false })).toContain('*Server: UNKNOWN*, it has not been looked at yet.')
    const own = healthOf(ownService(), NOW)
    expect(text(own)).toMatch(/\*Server: OK\*, all \d checks are good; that the bot itself is alive is no evidence, 10 min ago/)
  })

  it('lets an operator acknowledge what is new, and apply what is held back', () => {
    const incidents = [incident({ id: 12, version: 3 }), incident({ id: 11, state: 'acknowledged', owner: 'U0MARA' })]
    const holds = [{ tab: '2026-03', contentHash: 'f'.repeat(64), before: 21, removed: ['JC-1101'], createdAt: NOW, approvedBy: null }]
    const home: Home = { ...HOME, status: { ...HOME.status, incidents, holds } }
    const view = homeView(home, OPERATOR)
    expect(checkView(asFields(view), 'home')).toBeUndefined()
    expect(JSON.stringify(view).match(/"incident_ack"/g)).toHaveLength(1)
    expect(JSON.stringify(view)).toMatch(/"incident_ack"[^}]*}[^}]*"value":"12:3"/)
    expect(JSON.stringify(view)).toContain('2026-03 (1 of 21 charters would go)')
    expect(JSON.stringify(view).match(/"sync_apply"/g)).toHaveLength(1)
    expect(JSON.stringify(homeView(home, READER))).not.toMatch(/incident_ack|sync_apply/)
  })

  it('says when the sheet is read next, and how many rows are left out', () => {
    const line = (change: Partial<Home['status']>): string =>
      partLines({ ...HOME, status: { ...HOME.status, ...change } }).find(({ name }) => name === 'Port sheet')?.why ?? ''
    expect(line({})).toContain('; next sync <!date^1772454600^')
    expect(line({ quarantined: 1 })).toContain('; 1 row is left out')
    expect(line({ quarantined: 2 })).toContain('; 2 rows are left out')
    expect(line({ running: true })).toContain('; syncing now')
  })

  it('does not double the title of a captain', () => {
    const line = (captain: string): string => sailingLine(sailing('JC-1', { captain }), NOW)
    expect(line('Capt. Sam')).toContain(': Capt. Sam,')
    expect(line('Sam')).toContain(': captain Sam,')
    expect(line('Captiva Jones')).toContain(': captain Captiva Jones,')
    expect(line('')).toContain(': no captain,')
  })

  it('looks the same until something changes or ten minutes have passed', () => {
    const at = (ms: number): string => {
      const now = NOW + ms
      const moved: Home = { ...HOME, now, polledAt: now - 1000, quota: { ...HOME.quota, now, dryAt: now + 5 } }
      return JSON.stringify(homeView(settled(moved), OPERATOR))
    }
    expect(at(540_000)).toBe(at(0))
    expect(at(600_000)).not.toBe(at(0))
    const changed: Home = { ...HOME, status: { ...HOME.status, running: true } }
    expect(JSON.stringify(homeView(settled(changed), OPERATOR))).not.toBe(JSON.stringify(homeView(settled(HOME), OPERATOR)))
  })
})

describe('a part is OK only when it was seen to work lately', () => {
  const status = (change: Partial<Home['status']>): Home => ({ ...HOME, status: { ...HOME.status, ...change } })
  const quota = (change: Partial<Home['quota']>): Home => ({ ...HOME, quota: { ...HOME.quota, ...change } })
  const { connection, sync } = HOME.status
  it.each<[string, string, Home]>([
    ['Port sheet', 'OK', HOME],
    ['Port sheet', 'UNKNOWN', status({ sync: { ...sync, lastSuccessAt: null } })],
    ['Google', 'OK', HOME],
    ['Google', 'NOT CONNECTED', status({ connection: null })],
    ['Google', 'BLOCKED', status({ standing: 'reauth' })],
    ['Google', 'UNKNOWN', status({ sync: { ...sync, lastSuccessAt: NOW - 25 * HOUR } })],
    ['Google', 'UNKNOWN', status({ sync: { ...sync, lastSuccessAt: null } })],
    ['Google', 'UNKNOWN', status({ connection: connection && { ...connection, consentedAt: NOW - 1000 } })],
    ['Google', 'ENDS SOON', status({ connection: connection && { ...connection, refreshExpiresAt: NOW + 47 * HOUR } })],
    ['Google', 'ENDED', status({ connection: connection && { ...connection, refreshExpiresAt: NOW - 1 } })],
    ['Agent', 'OK', HOME],
    ['Agent', 'OFF', quota({ hasKey: false })],
    ['Agent', 'PAUSED', quota({ pause: { since: NOW - HOUR, until: null, by: 'U0MARA', reason: null, refusals: 0 } })],
    ['Agent', 'WORKING', quota({ sessions: [session(9, { status: 'running' })] })],
    ['Agent', 'UNKNOWN', { ...HOME, polledAt: null }],
    ['Agent', 'UNKNOWN', { ...HOME, polledAt: NOW - HOUR }],
    ['Claude', 'OK', HOME],
    ['Claude', 'OFF', quota({ hasKey: false })],
    ['Claude', 'UNKNOWN', { ...HOME, repliedAt: null }],
    ['Claude', 'UNKNOWN', { ...HOME, repliedAt: NOW - 25 * HOUR }],
    ['Messages', 'OK', HOME],
    ['Messages', 'SENDING', status({ backlog: [{ target: 'slack', count: 1, since: NOW - 1000, error: null }] })],
    ['Server', 'OK', HOME],
    ['Server', 'UNKNOWN', { ...HOME, server: { ...HOME.server, audit: null } }],
    ['Server', 'UNKNOWN', { ...HOME, server: { ...HOME.server, stale: true } }],
    ['Messages', 'DELAYED', status({ backlog: [{ target: 'alert-log', count: 2, since: NOW - 180_000, error: 'x' }] })],
  ])('%s: %s', (name, word, home) => {
    expect(wordOf(home, name)).toBe(word)
  })
})
