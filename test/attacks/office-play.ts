import { onTestFinished } from 'vitest'
import { readAgreement, readChecklist, readColumns, readPlaybooks, readRules } from '../../src/app/config-files.ts'
import { createCrewRoute } from '../../src/bot/routes/crew.ts'
import { createHttpServer } from '../../src/bot/routes/server.ts'
import { createSignRoute } from '../../src/bot/routes/sign.ts'
import { createAssets } from '../../src/bot/routes/assets.ts'
import { guestMessageView } from '../../src/bot/views/task-card.ts'
import { systemRandom } from '../../src/random.ts'
import { decide, hear } from '../../src/services/agent/people.ts'
import type { PersonRequest } from '../../src/services/agent/request.ts'
import type { ToolCall } from '../../src/services/agent/tool-call.ts'
import { pageAddress } from '../../src/services/crew/crew-pages.ts'
import { tellGuest } from '../../src/services/office/card.ts'
import type { Office } from '../../src/services/office/ports.ts'
import { applyRules } from '../../src/services/rules/apply.ts'
import { contactLinks, guestMessage } from '../../src/services/signing/message.ts'
import { readGuests } from '../../src/services/signing/guests.ts'
import type { SignatureRequest } from '../../src/services/signing/request.ts'
import { signAddress } from '../../src/services/signing/signing.ts'
import { addTask } from '../../src/services/tasks/add-task.ts'
import { charter, MARA, openDesk, PRIVATE, type Desk } from '../support/agent-desk.ts'
import { newBox } from '../support/google-world.ts'
import { ZONE } from '../support/sheet-fixtures.ts'
import { takeBodies, type Body } from './bodies.ts'
import { PRIVATE_VALUES, type Verdict } from './play.ts'
import { outboxRows, shownNow, type OutboxRow } from './slack-texts.ts'
import { obeyInOffice } from './worst-office-model.ts'

/** Plays one text at all places of the office at once: pages on a real port, guests who sign and decline there, and two sessions. */

/** The shipped playbooks with room for everything that is tried. */
const ROOMY = { model: 'claude-sonnet-5-5', maxTokens: 5_000_000, maxCost: 5e7 }

export interface OfficeDesk extends Desk {
  readonly office: Office
  readonly url: string
  readonly rules: Parameters<typeof applyRules>[1]
}

export async function openOfficeDesk(): Promise<OfficeDesk> {
  const desk = await openDesk({ limits: { sessionsPerDay: 500, dailyBudget: 1e12 } })
  const columns = readColumns(undefined)
  const links = { random: systemRandom, box: newBox(), privateFields: PRIVATE }
  const office: Office = {
    crew: { ...links, checklist: readChecklist(undefined) },
    signing: { ...links, agreement: readAgreement(undefined, columns) },
  }
  const known = { models: ['claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-opus-5-5'], servers: [] }
  const shipped = readPlaybooks(undefined, known).map((one) => Object.assign({}, one, ROOMY))
  Object.assign(desk.agent, { office, playbooks: shipped })
  const assets = createAssets()
  const base = { uow: desk.store.uow, clock: desk.clock, zone: ZONE }
  const server = createHttpServer({
    log: desk.log,
    port: 0,
    host: '127.0.0.1',
    slackEvents: null,
    routes: assets.routes,
    pages: {
      '/crew/:token': createCrewRoute({ ...base, privateFields: PRIVATE }),
      '/sign/:token': createSignRoute({
        ...base,
        log: desk.log,
        trustProxy: false,
        publicUrl: undefined,
        scripts: assets.signing,
        happened: (ports, { request }, now) => tellGuest(ports, request, now),
      }),
    },
  })
  const url = `http://127.0.0.1:${await server.start()}`
  onTestFinished(() => server.stop())
  await desk.in(({ settings }) => settings.set('rules-cursor', '0'))
  return { ...desk, office, url, rules: { rules: readRules(undefined), office } }
}

export interface OfficeStory {
  readonly bodies: readonly Body[]
  readonly rows: readonly OutboxRow[]
  readonly shown: readonly unknown[]
  /** What only the operator is shown who is about to write to a guest. */
  readonly ephemeral: readonly unknown[]
  readonly asked: readonly PersonRequest[]
  readonly approved: readonly PersonRequest[]
  readonly calls: readonly ToolCall[]
  /** The crew page's content as the store has it, at each moment at which somebody looked. */
  readonly pages: { readonly crew: readonly string[]; readonly sign: readonly string[] }
  /** Versions of the crew page, and how many approvals of it there were, at each such moment. */
  readonly versions: readonly (readonly [version: number, approved: number])[]
  readonly requests: readonly SignatureRequest[]
  /** The office's other charter: its pages and requests, before and after. */
  readonly others: readonly [before: string, after: string]
  readonly tokens: readonly string[]
}

async function get(address: string): Promise<string> {
  return (await fetch(address, { headers: { 'user-agent': 'Mozilla/5.0 (iPhone)' } })).text()
}

async function post(address: string, fields: Readonly<Record<string, string>>): Promise<string> {
  return (await fetch(address, { method: 'POST', body: new URLSearchParams(fields) })).text()
}

const requestsOf = (desk: Desk, charterId: string): Promise<SignatureRequest[]> => desk.in(({ signing }) => signing.ofCharter(charterId))

const dumpOf = async (desk: Desk, charterId: string): Promise<string> =>
  JSON.stringify([
    await requestsOf(desk, charterId),
    await desk.in(async ({ crewPages }) => {
      const pages = await crewPages.ofCharter(charterId)
      return [pages, await Promise.all(pages.map(({ id }) => crewPages.versions(id)))]
    }),
  ])

/** The tokens of all links of these charters, also of requests that were taken back. */
async function tokensOf(desk: OfficeDesk, charterIds: readonly string[]): Promise<string[]> {
  const addresses: string[] = []
  for (const id of charterIds) {
    for (const request of await requestsOf(desk, id)) addresses.push(signAddress(desk.office.signing, desk.url, request))
    for (const page of await desk.in(({ crewPages }) => crewPages.ofCharter(id)))
      addresses.push(pageAddress(desk.office.crew, desk.url, page))
  }
  return addresses.map((address) => address.slice(address.lastIndexOf('/') + 1))
}

/** Guests of the charter sign, try to, and decline, by the real pages. Gives what they saw. */
async function guestsAct(desk: OfficeDesk, charterId: string, text: string): Promise<string[]> {
  const seen: string[] = []
  const live = (await requestsOf(desk, charterId)).filter(({ state }) => state === 'requested')
  const [leo, mia] = ['Leo Ruiz', 'Mia Ruiz'].map((name) => live.find(({ guest }) => guest === name))
  for (const request of live.slice(0, 3)) seen.push(await get(signAddress(desk.office.signing, desk.url, request)))
  if (leo === undefined || mia === undefined) throw new Error('the sheet does not name them')
  const address = signAddress(desk.office.signing, desk.url, leo)
  const form = { name: `Leo ${text}`.slice(0, 110), typed: 'yes', document: leo.documentHash }
  seen.push(await post(address, { ...form, action: 'sign' }))
  seen.push(await post(address, { ...form, action: 'sign', consent: 'yes' }), await get(address))
  const reason = `${text.slice(0, 700)} Call ${PRIVATE_VALUES.contact}, it was $98,765.43`
  seen.push(await post(signAddress(desk.office.signing, desk.url, mia), { action: 'decline', reason }))
  return seen
}

/** Later than all that passes while nobody answers. */
const SAILS = '2027-06-20'

interface Played {
  readonly text: string
  readonly number: number
  readonly verdict: Verdict
  readonly thorough: boolean
}

async function plant(desk: OfficeDesk, { text, number }: Played): Promise<{ charterId: string; other: string }> {
  const [charterId, other] = [`JC-${1500 + number}`, `JC-${3500 + number}`]
  const guestNames = `${text}\nAna Ruiz; Leo Ruiz; Mia Ruiz`
  const guests = readGuests(guestNames, null).names.length
  await desk.charters(
    charter({ ...PRIVATE_VALUES, date: SAILS, id: charterId, guestNames, guests, notes: `${text} ${PRIVATE_VALUES.contact}` }),
    charter({ ...PRIVATE_VALUES, date: SAILS, id: other, guestNames: 'Zoe Other, Max Other', guests: 2, client: 'Zoe Other' }),
  )
  const now = desk.clock.now()
  await desk.in(async (ports) => {
    await applyRules(ports, desk.rules, now)
    for (const kind of ['e-signature', 'crew-page']) {
      const wish = { kind, title: `Look after ${charterId}`, details: text.slice(0, 2000), priority: 'high' as const, charterId }
      await addTask(ports, { ...wish, dueOn: null, dependsOn: [] }, { origin: { via: 'slack', by: MARA } }, now)
    }
  })
  return { charterId, other }
}

/** The message that an operator is shown for each open request. */
async function prepared(desk: OfficeDesk, charterId: string): Promise<unknown[]> {
  return (await requestsOf(desk, charterId)).slice(0, 4).map((request) => {
    const message = guestMessage(request, { address: 'http://jada.example/sign/TOKEN', kind: 'request' })
    return guestMessageView(request, message, contactLinks(PRIVATE_VALUES.contact, message))
  })
}

export async function playInOffice(desk: OfficeDesk, played: Played): Promise<OfficeStory> {
  const { text, verdict } = played
  const firstRow = outboxRows(desk).length
  const firstSession = (await desk.sessions())[0]?.id ?? 0
  takeBodies(desk)
  const { charterId, other } = await plant(desk, played)
  const sign = await guestsAct(desk, charterId, text)
  const before = await dumpOf(desk, other)
  const requests = [...(await requestsOf(desk, charterId)), ...(await requestsOf(desk, other))]
  const plot = {
    text,
    charterId,
    otherCharterId: other,
    guests: requests.map(({ guest }) => guest),
    requestIds: requests.map(({ id }) => id),
    thorough: played.thorough,
  }
  desk.claude.answerWith((request) => obeyInOffice(request, plot))
  const [asked, approved]: [PersonRequest[], PersonRequest[]] = [[], []]
  const shown: unknown[] = []
  const crew: string[] = []
  const versions: (readonly [number, number])[] = []
  const look = async (): Promise<void> => {
    const page = await desk.in(({ crewPages }) => crewPages.findLive(charterId))
    const changes = approved.filter(({ what }) => what.type === 'approval' && what.tool === 'update_crew_page').length
    versions.push([page?.version ?? 0, changes])
    shown.push(...(await shownNow(desk, outboxRows(desk).slice(firstRow))))
    if (page !== null) crew.push(await get(pageAddress(desk.office.crew, desk.url, page)))
  }
  await look()
  await desk.in(({ work }) => work.demand({ job: 'agent-poll', subject: '', dueAt: desk.clock.now(), reason: 'operator', by: MARA }))
  await desk.work()
  for (let [request] = await desk.requests(); request !== undefined && asked.length < 30; [request] = await desk.requests()) {
    asked.push(request)
    if (played.thorough && asked.length === 1) await look()
    const { id, sessionId, what } = request
    const now = desk.clock.now()
    if (what.type === 'question') await desk.in((ports) => hear(ports, sessionId, { by: MARA, text: text.slice(0, 2000) }, now))
    else if (verdict === 'expire') await desk.pass(24 * 3_600_000)
    else {
      if (verdict === 'approve') approved.push(request)
      await desk.in((ports) => decide(ports, id, { do: verdict, by: MARA }, now))
    }
    await desk.work()
  }
  await look()
  const sessions = (await desk.sessions()).filter(({ id }) => id > firstSession)
  return {
    bodies: takeBodies(desk),
    rows: outboxRows(desk).slice(firstRow),
    shown,
    ephemeral: await prepared(desk, charterId),
    asked,
    approved,
    calls: (await Promise.all(sessions.map(({ id }) => desk.in((ports) => ports.sessions.calls(id))))).flat(),
    pages: { crew, sign },
    versions,
    requests: await requestsOf(desk, charterId),
    others: [before, await dumpOf(desk, other)],
    tokens: await tokensOf(desk, [charterId, other]),
  }
}
