import { expect, test } from 'vitest'
import type { BotDeps } from '../../../src/bot/deps.ts'
import { isActing, parseCommand, type Command } from '../../../src/bot/commands/parse.ts'
import { beginCommand } from '../../../src/bot/commands/run.ts'
import { hearIncident } from '../../../src/bot/incident-thread.ts'
import { noteRefused } from '../../../src/bot/refused.ts'
import { endSession } from '../../../src/services/agent/end.ts'
import { cancelTask, closeTask, decide, hear, retryTask, stopSession } from '../../../src/services/agent/people.ts'
import { pauseAgent, resumeAgent } from '../../../src/services/agent/pause.ts'
import type { Decision, RequestWhat } from '../../../src/services/agent/request.ts'
import { AUDIT_ACTS, type AuditAct } from '../../../src/services/audit/audit.ts'
import { publish, revoke } from '../../../src/services/crew/crew-pages.ts'
import type { Act } from '../../../src/services/incidents/incident.ts'
import { act, report } from '../../../src/services/incidents/report.ts'
import { acceptServer } from '../../../src/services/mcp/pins.ts'
import { withdrawRequests } from '../../../src/services/signing/ask.ts'
import { decline, markReminded, markSent, sign, view } from '../../../src/services/signing/signing.ts'
import { addTask, readWish } from '../../../src/services/tasks/add-task.ts'
import type { AllPorts } from '../../../src/store/unit.ts'
import { charter, MARA } from '../../support/agent-desk.ts'
import { newRequest, newSession, newTask } from '../../support/agent-samples.ts'
import { WALKED } from '../../support/audit-samples.ts'
import { crewDeps } from '../../support/crew-samples.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { NOON, TOKEN_DEAD } from '../../support/incident-samples.ts'
import { openTestDatabase, type TestDatabase } from '../../support/repo-database.ts'
import { ask, NOW } from '../../support/signing-samples.ts'
import { NO_SAILING } from '../../support/no-sailing.ts'

const TOM = 'U0TOM'

/** What was there before, and the act; done twice, the second time it is known already. */
interface Case {
  readonly before?: (store: TestDatabase) => Promise<void>
  readonly does: (ports: AllPorts, store: TestDatabase) => Promise<unknown>
  readonly actor: string
  readonly subject: string
  readonly details?: Readonly<Record<string, unknown>>
  /** Done again it is another act. */
  readonly repeats?: true
}

const inStore =
  (body: (ports: AllPorts) => Promise<unknown>) =>
  async ({ uow }: TestDatabase) =>
    void (await uow.run(body))

const burning = inStore((ports) => report(ports, TOKEN_DEAD, NOON))
const onIncident = (what: Act, details: Case['details'] = {}): Case => ({
  before: burning,
  does: (ports) => act(ports, 1, what, NOON),
  actor: MARA,
  subject: 'incident:1',
  details,
})

/** A bot's commands over the store; `key` makes a command one of its own. */
const say = (store: TestDatabase, text: string, key: string) => {
  const deps = { uow: store.uow, clock: createFakeClock(NOON), wake: () => undefined } as unknown as BotDeps
  return beginCommand(deps, parseCommand(text).command, { user: MARA, triggerId: key })
}

const waiting = (what: RequestWhat) =>
  inStore(async (ports) => {
    const { task } = await ports.tasks.add(newTask(), NOON)
    await ports.tasks.save({ ...task, state: 'running' })
    await ports.sessions.open(newSession(task.id, 1), 5)
    await ports.requests.add(newRequest(1, { what }))
  })

const APPROVAL: RequestWhat = { type: 'approval', tool: 'send_email', title: 'Send an email', fields: [] }
const SETTLE: RequestWhat = { ...APPROVAL, type: 'settle', where: 'the mailbox' }
const QUESTION: RequestWhat = { type: 'question', question: 'Which date?', choices: [] }

const decided = (what: RequestWhat, decision: Decision, details: Case['details']): Case => ({
  before: waiting(what),
  does: (ports) => decide(ports, 1, decision, NOON),
  actor: MARA,
  subject: 'request:1',
  details: { session: 1, ...details },
})

const personTask = inStore(({ tasks }) => tasks.add(newTask({ state: 'needs-person' }), NOON))
const onTask = (does: (ports: AllPorts) => Promise<unknown>): Case => ({ before: personTask, does, actor: MARA, subject: 'task:1' })

const asked = async (store: TestDatabase): Promise<void> => void (await ask(store, { guests: 1, guestNames: 'Ana Ruiz' }))
const onRequest = (does: (ports: AllPorts) => Promise<unknown>, actor: string, details: Case['details'] = {}): Case => ({
  before: asked,
  does,
  actor,
  subject: 'signature-request:1',
  details: { charter: 'JC-1101', ...details },
})
const withRequest = async (ports: AllPorts, body: (request: Awaited<ReturnType<typeof ask>>['made'][number]) => Promise<unknown>) => {
  const request = await ports.signing.find(1)
  if (request === null) throw new Error('no request')
  return body(request)
}

const FORM = { consent: true, name: 'Ana Ruiz', typed: true, drawing: '' }
const CREW = crewDeps()
const publishing = { charter: charter(), removed: false, readAt: null, by: MARA }
const page = inStore((ports) => publish(ports, CREW, publishing, NOON))
const word = (text: string) => (ports: AllPorts) => hear(ports, 1, { by: MARA, text }, NOON)

const CASES: Readonly<Record<Exclude<AuditAct, (typeof WALKED)[number] | 'data.restored'>, Case>> = {
  'incident.ack': onIncident({ do: 'ack', by: MARA, version: 1 }),
  'incident.snooze': { ...onIncident({ do: 'snooze', by: MARA, version: 1, until: NOON + 5 }, { until: NOON + 5 }), repeats: true },
  'incident.assign': onIncident({ do: 'assign', by: MARA, version: 1, to: TOM }, { to: TOM }),
  'incident.resolve': onIncident({ do: 'resolve', by: MARA, version: 1 }),
  'health.now': { does: (_ports, store) => say(store, 'health now', 'a'), actor: MARA, subject: 'host' },
  'task.add': {
    does: (ports) =>
      addTask(ports, readWish({ kind: 'general', title: 'Call Ana' }, ['general']), { origin: { via: 'api', by: null }, key: 'k' }, NOON),
    actor: 'api',
    subject: 'task:1',
    details: { kind: 'general', via: 'api' },
  },
  'task.cancel': onTask((ports) => cancelTask(ports, 1, MARA, NOON)),
  'task.retry': onTask((ports) => retryTask(ports, 1, MARA, NOON)),
  'task.done': onTask((ports) => closeTask(ports, 1, MARA, NOON)),
  'session.stop': {
    before: waiting(APPROVAL),
    does: (ports) => stopSession(ports, 1, MARA, NOON),
    actor: MARA,
    subject: 'session:1',
    details: { task: 1 },
  },
  'session.mute': { before: waiting(APPROVAL), does: word('mute'), actor: MARA, subject: 'session:1' },
  'session.unmute': {
    before: async (store) => {
      await waiting(APPROVAL)(store)
      await inStore(async ({ sessions }) => {
        const session = await sessions.find(1)
        if (session !== null) await sessions.save({ ...session, muted: true })
      })(store)
    },
    does: word('unmute'),
    actor: MARA,
    subject: 'session:1',
  },
  'session.answer': { ...decided(QUESTION, { do: 'answer', by: MARA, text: 'Monday, to Ana' }, {}), does: word('Monday, to Ana') },
  'approval.approve': decided(APPROVAL, { do: 'approve', by: MARA }, { tool: 'send_email' }),
  'approval.reject': decided(APPROVAL, { do: 'reject', by: MARA }, { tool: 'send_email' }),
  'call.happened': decided(SETTLE, { do: 'happened', by: MARA }, { tool: 'send_email' }),
  'call.not-happened': decided(SETTLE, { do: 'not-happened', by: MARA }, { tool: 'send_email' }),
  'agent.pause': {
    does: (ports) => pauseAgent(ports, { by: MARA, until: NOON + 5 }, NOON),
    actor: MARA,
    subject: 'agent',
    details: { until: NOON + 5 },
    repeats: true,
  },
  'agent.resume': {
    before: inStore(({ settings }) =>
      settings.set('agent-pause', JSON.stringify({ since: NOON, until: null, by: TOM, reason: null, refusals: 0 })),
    ),
    does: (ports) => resumeAgent(ports, MARA, NOON),
    actor: MARA,
    subject: 'agent',
  },
  'mcp.accept': {
    before: inStore(({ mcp }) => {
      const accepted = { name: 'search', description: 'Searches.', inputSchema: {}, hints: {}, hash: 'a' } as never
      return mcp.savePin({
        server: 'wiki',
        tool: 'search',
        accepted,
        acceptedBy: null,
        acceptedAt: NOON,
        change: { seen: accepted, at: NOON },
      })
    }),
    does: (ports) => acceptServer(ports, 'wiki', MARA, NOON),
    actor: MARA,
    subject: 'mcp:wiki',
    details: { tools: 'search' },
  },
  'sign.requested': {
    does: (_ports, store) => ask(store, { guests: 1, guestNames: 'Ana Ruiz' }, { by: null }),
    actor: 'bot',
    subject: 'signature-request:1',
    details: { charter: 'JC-1101' },
  },
  'sign.sent': onRequest((ports) => markSent(ports, 1, MARA, NOW), MARA),
  'sign.reminded': {
    ...onRequest((ports) => markReminded(ports, 1, MARA, NOW), MARA),
    before: async (store) => {
      await asked(store)
      await inStore((ports) => withRequest(ports, (one) => ports.signing.save({ ...one, sentAt: NOW, sentBy: MARA, version: 2 })))(store)
    },
    repeats: true,
  },
  'sign.viewed': onRequest((ports) => withRequest(ports, (request) => view(ports, request, NOW)), 'guest:1'),
  'sign.signed': onRequest(
    (ports) =>
      withRequest(ports, (request) =>
        sign(ports, request, FORM, { address: '203.0.113.7', userAgent: 'Phone', shownHash: request.documentHash }, NOW),
      ),
    'guest:1',
  ),
  'sign.declined': onRequest((ports) => withRequest(ports, (request) => decline(ports, request, 'Call +1 619 555 0101', NOW)), 'guest:1'),
  'sign.withdrawn': onRequest((ports) => withdrawRequests(ports, 'JC-1101', NOW), 'bot', { why: 'cancelled' }),
  'page.made': {
    does: (ports) => publish(ports, CREW, { ...publishing, by: null }, NOON),
    actor: 'bot',
    subject: 'crew-page:1',
    details: { charter: 'JC-1101', version: 1 },
  },
  'page.changed': {
    before: page,
    does: (ports) => publish(ports, CREW, { ...publishing, charter: charter({ captain: 'Lee' }) }, NOON),
    actor: MARA,
    subject: 'crew-page:1',
    details: { charter: 'JC-1101', version: 2 },
  },
  'page.revoked': {
    before: page,
    does: (ports) => revoke(ports, 'JC-1101', MARA, NOON),
    actor: MARA,
    subject: 'crew-page:1',
    details: { charter: 'JC-1101', version: 1 },
  },
}

const rows = ({ raw }: TestDatabase): Record<string, unknown>[] =>
  raw
    .prepare('select actor, act, subject, details from audit order by id')
    .all()
    .map((row) => Object.assign(row, { details: JSON.parse(String(row['details'])) as unknown }))

/** Acts that open a unit of their own cannot be called within one. */
const OWN_UNIT: ReadonlySet<string> = new Set(['health.now', 'sign.requested'])

const doIt = (store: TestDatabase, name: string, { does }: Case): Promise<unknown> =>
  OWN_UNIT.has(name) ? does(undefined as never, store) : store.uow.run((ports) => does(ports, store))

test.each(Object.entries(CASES))('%s is one row, with who did it; what was done before is none', async (name, one) => {
  const store = await openTestDatabase()
  await one.before?.(store)
  const before = rows(store).length
  await doIt(store, name, one)
  const wanted = { actor: one.actor, act: name, subject: one.subject, details: one.details ?? {} }
  expect(rows(store).slice(before)).toEqual([wanted])
  await doIt(store, name, one)
  expect(rows(store).slice(before)).toEqual(one.repeats === true ? [wanted, wanted] : [wanted])
  // What people wrote, and who the guests are, is kept elsewhere.
  expect(JSON.stringify(rows(store))).not.toMatch(/Ruiz|Monday|Call|555/)
})

test('every act is done here, or in the walk, or by a restore', () => {
  expect([...Object.keys(CASES), ...WALKED, 'data.restored'].toSorted()).toEqual([...AUDIT_ACTS].toSorted())
})

/** What each command writes down; null: it changes nothing. One that is new does not compile until it is decided. */
const COMMANDS: Readonly<Record<Command['name'], readonly [text: string, act: AuditAct] | null>> = {
  'sync-now': ['sync now', 'sync.now'],
  'sync-apply': ['sync apply', 'sync.apply'],
  'health-now': ['health now', 'health.now'],
  reauth: ['reauth', 'reauth.start'],
  'task-act': ['task 1 cancel', 'task.cancel'],
  'task-add': ['task add general Call', 'task.add'],
  'pause-agent': ['pause agent', 'agent.pause'],
  resume: ['resume', 'agent.resume'],
  'mcp-accept': ['mcp accept wiki', 'mcp.accept'],
  ...({
    status: null,
    incidents: null,
    incident: null,
    'incident-export': null,
    help: null,
    'sync-diff': null,
    health: null,
    quota: null,
    tasks: null,
    task: null,
    sessions: null,
    mcp: null,
    'pause-how': null,
    later: null,
    unknown: null,
  } as const),
}

test('every command that acts writes something down, and no other does', () => {
  for (const [name, one] of Object.entries(COMMANDS)) {
    if (one === null) expect(isActing({ name } as Command)).toBe(false)
    else expect(parseCommand(one[0]).command).toSatisfy((command: Command) => command.name === name && isActing(command))
  }
})

test('a command that Slack sends twice is one row', async () => {
  const store = await openTestDatabase()
  await say(store, 'sync now', 'a')
  await say(store, 'sync now', 'a')
  await say(store, 'sync now', 'b')
  // Nothing is held.
  await say(store, 'sync apply', 'c')
  await say(store, 'resume', 'd')
  expect(rows(store).map(({ act: done }) => done)).toEqual(['sync.now', 'sync.now'])
})

test('a task that is cancelled with its session is one row, and by a rule it is the bot', async () => {
  const store = await openTestDatabase()
  await waiting(APPROVAL)(store)
  await store.uow.run((ports) => cancelTask(ports, 1, null, NOON))
  expect(rows(store)).toEqual([{ actor: 'bot', act: 'task.cancel', subject: 'task:1', details: {} }])
})

test('the task that a session leaves when it ran out twice is added by the bot, once', async () => {
  const store = await openTestDatabase()
  await waiting(APPROVAL)(store)
  await store.uow.run(async (ports) => {
    const [task, session] = [await ports.tasks.find(1), await ports.sessions.find(1)]
    if (task === null || session === null) throw new Error('no session')
    await ports.tasks.save({ ...task, ranOut: 1 })
    await endSession(ports, session, { how: 'ran-out', limit: 'turns', handOver: 'Half is done.' }, NOON)
  })
  expect(rows(store)).toEqual([{ actor: 'bot', act: 'task.add', subject: 'task:2', details: { kind: 'person', via: 'bot', after: 1 } }])
})

test('in the thread: a retry is a row; somebody who may not act is one an hour', async () => {
  const store = await openTestDatabase()
  await burning(store)
  store.raw.exec("insert or replace into card (subject, channel, ts, version, number) values ('incident:1', 'C0OPS', '1.1', 1, 1)")
  const deps = {
    operators: [MARA],
    onDuty: MARA,
    zone: 'America/Los_Angeles',
    runbook: new Map<string, string>(),
    sailing: NO_SAILING,
  } as never
  let n = 0
  const write = (user: string, text: string, now: number): Promise<void> =>
    store.uow.run((ports) => hearIncident(ports, deps, { channel: 'C0OPS', threadTs: '1.1', user, text }, `Ev${(n += 1)}`, now))
  await write(MARA, 'retry', NOON)
  for (const minutes of [0, 1, 59, 61]) await write('U0GUEST', 'ack', NOON + minutes * 60_000)
  await write('U0GUEST', 'status', NOON)
  expect(rows(store)).toEqual([
    { actor: MARA, act: 'incident.retry', subject: 'incident:1', details: { jobs: 'port-sheet-sync' } },
    { actor: 'U0GUEST', act: 'access.refused', subject: 'incident:1', details: {} },
    { actor: 'U0GUEST', act: 'access.refused', subject: 'incident:1', details: {} },
  ])
})

test('who may not is told why also when that cannot be written down', async () => {
  const store = await openTestDatabase()
  const lines: string[] = []
  const log = { error: (_part: string, line: string) => void lines.push(line) } as unknown as BotDeps['log']
  await store.close()
  await noteRefused({ uow: store.uow, clock: createFakeClock(NOON), log }, 'U0GUEST', 'button:incident_ack')
  expect(lines).toEqual([expect.stringContaining('refused button:incident_ack')])
})
