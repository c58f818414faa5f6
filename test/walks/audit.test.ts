import { afterEach, expect, it } from 'vitest'
import { WALKED } from '../support/audit-samples.ts'
import { CAPTAIN, createWorld, GUEST, OFFICE, OPERATOR, OPS, SHEET, type World } from '../support/world.ts'

let world: World
afterEach(() => world.dispose())

const rows = (): string[] =>
  world.app.core.database.raw
    .prepare('select actor, act, subject from audit order by id')
    .all()
    .map(({ actor, act, subject }) => `${String(actor)} ${String(act)} ${String(subject)}`)

/** What was written down since the last look. */
let seen = 0
function news(): string[] {
  const all = rows()
  const fresh = all.slice(seen)
  seen = all.length
  return fresh
}

const linkOf = (text: string): string => /"url":"([^"]+start\?ticket=[^"]+)"/.exec(text)?.[1] ?? ''
const cardLink = (): string => linkOf(JSON.stringify(world.card().attachments))

async function click(actionId: string, user: string): Promise<void> {
  await world.slack.click({ user, channel: OPS, ts: world.card().ts, actionId })
  await world.settle()
}

async function write(text: string): Promise<void> {
  await world.slack.message({ user: OPERATOR, channel: OPS, threadTs: world.card().ts, text })
  await world.settle()
}

it('who did what is told in order, each act once, and an incident of it can be exported', async () => {
  seen = 0
  world = await createWorld({ env: { JADA_API_TOKEN: 'a-token-of-the-test-of-the-audit-log' } })
  await world.connect()
  expect(news()).toEqual([`${OPERATOR} reauth.start incident:1`, `${OPERATOR} reauth.done incident:1`])

  world.google.revokeAll(OFFICE)
  await world.tick()
  await world.pass(66_000)
  await click('incident_ack', GUEST)
  await click('incident_ack', GUEST)
  await click('incident_ack', OPERATOR)
  await write('ack')
  expect(news()).toEqual([`${GUEST} access.refused button:incident_ack`, `${OPERATOR} incident.ack incident:2`])

  await world.jada('sync now', { user: GUEST })
  await world.jada('sync now')
  await write('retry')
  expect(news()).toEqual([
    `${GUEST} access.refused command:sync-now`,
    `${OPERATOR} sync.now port-sheet`,
    `${OPERATOR} incident.retry incident:2`,
  ])

  await world.browse(cardLink(), { deny: true })
  await world.browse(cardLink(), { account: CAPTAIN })
  await world.browse(cardLink(), { account: OFFICE })
  expect(news()).toEqual(['link reauth.refused incident:2', 'link reauth.done incident:2'])

  const sheet = world.google.sheet(SHEET)
  sheet.setRows('2026-11', sheet.rows('2026-11').slice(0, -4))
  await world.tick()
  await click('sync_apply', OPERATOR)
  await world.jada('sync apply')
  expect(news()).toEqual([`${OPERATOR} sync.apply port-sheet`])

  const post = (): Promise<Response> =>
    fetch(`${world.origin}/api/tasks`, {
      method: 'POST',
      headers: { authorization: 'Bearer a-token-of-the-test-of-the-audit-log', 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'general', title: 'Call Ana', key: 'k' }),
    })
  expect([(await post()).status, (await post()).status]).toEqual([201, 200])
  expect(news()).toEqual(['api task.add task:1'])

  const story = await world.jada('incident 2 export public')
  expect(world.slack.messages(OPS).some(({ text }) => text.includes('post-mortem'))).toBe(false)
  expect(story).toContain('# Incident 2: Google no longer accepts our token')
  expect(story).toMatch(/Acknowledged: 2026-11-02 \d\d:\d\d:\d\d UTC \(\d\d:\d\d PST\) by mara, /)
  expect(story).toMatch(/Somebody with the link of the card connected Google/)
  expect(await world.jada('incident 2 export', { user: GUEST })).toContain('Only operators may do this')
  expect(await world.jada('incident 99 export')).toContain('There is no incident 99')
  expect(news()).toEqual([`${GUEST} access.refused command:incident-export`])

  await world.restart()
  expect(news()).toEqual([])
  const { JADA_SECRET_KEY: old = '' } = world.env
  await world.restart({ JADA_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'), JADA_SECRET_KEY_PREVIOUS: old })
  expect(news()).toEqual(['bot key.rotated key'])
  await world.restart({ ANTHROPIC_API_KEY: 'sk-ant-another' })
  expect(news()).toEqual(['bot settings.changed settings:claude-settings'])

  expect(rows().map((row) => row.split(' ')[1] ?? '')).toEqual(expect.arrayContaining([...WALKED]))
})
