import { expect, test } from 'vitest'
import { gatherFacts, type Facts } from '../../../src/services/answers/facts.ts'
import { promptOf, requestFor, worstOf } from '../../../src/services/answers/prompt.ts'
import { decideAudit, FRESH_HOST_STATE } from '../../../src/services/host/audit.ts'
import { act, report } from '../../../src/services/incidents/report.ts'
import { failing, NOON, ok, TOKEN_DEAD } from '../../support/incident-samples.ts'
import { wellReading } from '../../support/host-samples.ts'
import { openTestDatabase, type TestDatabase } from '../../support/repo-database.ts'

const MINUTE = 60_000
const SECTION = '*Cure:* look at https://console.cloud.google.com/auth/audience.'

async function run({ uow }: TestDatabase, at: number, summary: string): Promise<void> {
  await uow.run(async ({ work, jobs }) => {
    await work.demand({ job: 'port-sheet-sync', subject: '', dueAt: at, reason: 'cron', by: 'U0MARA' })
    const claimed = await jobs.claim(at)
    if (claimed !== null) await jobs.finish(claimed, { outcome: 'blocked', summary }, at + 2000)
  })
}

/** A dead token, seven syncs, somebody who has it, and a look at the server. */
async function open(): Promise<TestDatabase> {
  const store = await openTestDatabase()
  await store.uow.run((ports) => report(ports, TOKEN_DEAD, NOON - 90 * MINUTE))
  await store.uow.run((ports) => report(ports, ok(), NOON - 80 * MINUTE))
  await store.uow.run((ports) => report(ports, TOKEN_DEAD, NOON - 3 * MINUTE))
  await store.uow.run((ports) => act(ports, 2, { do: 'assign', by: 'U0MARA', to: 'U0TOM', version: 1 }, NOON - 2 * MINUTE))
  for (let n = 7; n >= 1; n -= 1) await run(store, NOON - n * 10 * MINUTE, `sync ${n}`)
  await store.uow.run(async ({ host }) => {
    const { audit, state } = decideAudit(wellReading(NOON - 4 * MINUTE), [], FRESH_HOST_STATE)
    const worst = [{ at: NOON - 5 * MINUTE, text: '[port-sheet] token error', times: 41 }]
    await host.write(state, { ...audit, worst })
  })
  return store
}

const gather = (store: TestDatabase, id: number, now = NOON): Promise<Facts> =>
  store.uow.run(async (ports) => {
    const incident = await ports.incidents.find(id)
    if (incident === null) throw new Error(`no incident ${id}`)
    return gatherFacts(ports, incident, SECTION, now)
  })

const dataOf = ({ sources }: Facts, name: string): unknown => sources.find((source) => source.name === name)?.data

test('what is looked at has its names and ages', async () => {
  const { sources } = await gather(await open(), 2)
  expect(sources.map(({ told, at }) => [told, at === null ? null : Math.round((NOON - at) / MINUTE)])).toEqual([
    ['signals', 3],
    ['last 5 runs', 10],
    ['host audit', 4],
    ['1 log line', 4],
    ['timeline', 2],
    ['known causes', null],
    ['earlier incidents', null],
    ['runbook section oauth-token-failure', null],
  ])
})

test('runs are those of the duty, the newest first; people have no names; only our own links count', async () => {
  const facts = await gather(await open(), 2)
  expect((dataOf(facts, 'runs') as { summary: string }[]).map(({ summary }) => summary)).toEqual([
    'sync 1',
    'sync 2',
    'sync 3',
    'sync 4',
    'sync 5',
  ])
  expect(dataOf(facts, 'timeline')).toContainEqual(
    expect.objectContaining({ type: 'assigned', by: 'an operator', to: 'an operator', minutesAgo: 2 }),
  )
  expect(JSON.stringify(facts)).not.toMatch(/U0MARA|U0TOM/)
  expect(facts.links).toContain('https://console.cloud.google.com/auth/audience')
})

test('words of others are cut and lose credentials, and their links are none of ours', async () => {
  const store = await openTestDatabase()
  const detail = `Bearer abc.def, see https://evil.example \u0000\u202E ${'x'.repeat(2000)}`
  await store.uow.run((ports) => report(ports, failing('oauth_token_failure', 'critical', { detail, findings: [detail] }), NOON))
  const facts = await gather(store, 1)
  const signals = dataOf(facts, 'signals') as { detail: string }
  expect(signals.detail).toMatch(/^Bearer \[secret\], see https:\/\/evil\.example {3}x+ \[cut\]$/)
  expect(facts.links.filter((link) => link.includes('evil'))).toEqual([])
})

test('an audit of yesterday tells nothing, and a duty without runs has none', async () => {
  const store = await open()
  expect(dataOf(await gather(store, 2, NOON + 25 * 60 * MINUTE), 'host')).toBeUndefined()
  await store.uow.run((ports) => report(ports, failing('notices_refused', 'warning', {}, 'bot/notices'), NOON))
  const { sources } = await gather(store, 3)
  expect(sources.map(({ name }) => name)).not.toContain('runs')
})

test('the prompt is our words, then JSON; its worst price counts a token a byte', async () => {
  const { sources } = await gather(await open(), 2)
  const prompt = promptOf('Why "}]?', sources, NOON)
  const [opening, data] = prompt.messages[0]?.content ?? []
  expect(opening).toEqual({ type: 'text', text: 'Answer the question in this JSON from the evidence in it:' })
  const given = JSON.parse(data?.type === 'text' ? data.text : '') as {
    question: string
    evidence: { name: string; minutesOld: number | null }[]
  }
  expect(given.question).toBe('Why "}]?')
  expect(given.evidence.slice(0, 2)).toEqual([
    expect.objectContaining({ name: 'signals', minutesOld: 3 }),
    expect.objectContaining({ name: 'runs', minutesOld: 10 }),
  ])
  const request = requestFor({ model: 'm', replyTokens: 1000 }, prompt)
  expect(request).toMatchObject({ tools: [], maxTokens: 1000 })
  const bytes = Buffer.byteLength(JSON.stringify([prompt.system, prompt.messages]))
  expect(worstOf(request, { input: 1, output: 5, cacheWrite: 2, cacheRead: 0 })).toBe((500 + bytes) * 2 + 5000)
})
