import type { MessageView } from '../bot/views/alert.ts'
import { pasteBackView, startLinkView } from '../bot/views/reauth.ts'
import { plainView } from '../bot/views/answers.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Random } from '../random.ts'
import type { GoogleClient } from '../services/google/client.ts'
import { completeConsent, type Callback, type CompleteDeps, type ConsentOutcome } from '../services/google/complete-consent.ts'
import { CONNECTION, type Consent, type ConsentMode } from '../services/google/connection.ts'
import { startConsent, type StartRequest, type StartResult } from '../services/google/start-consent.ts'
import { checkTicket, incidentTicket, operatorTicket, type TicketRight } from '../services/google/ticket.ts'
import type { SheetsApi } from '../services/google/sheets-api.ts'
import type { SealedBox } from '../sealed-box.ts'
import { isOpen } from '../services/incidents/incident.ts'
import { act } from '../services/incidents/report.ts'
import { SYNC_JOB } from '../services/work/work.ts'
import type { AllPorts } from '../store/unit.ts'
import type { UnitOfWork } from '../unit-of-work.ts'

export interface ConsentFlowDeps {
  readonly config: Config
  readonly uow: UnitOfWork<AllPorts>
  readonly clock: Clock
  readonly random: Random
  readonly client: GoogleClient
  readonly box: SealedBox
  readonly api: SheetsApi
  readonly wake: () => void
}

/** Consent as the routes, the commands and the terminal use it: google's parts joined with incidents and work. */
export interface ConsentFlow {
  readonly publicRedirectUri: string
  readonly loopbackRedirectUri: string
  /** The link in an incident's card; null without a public address. */
  incidentLink(incidentId: number): string | null
  checkTicket(ticket: string, now: number): Promise<TicketRight>
  start(request: StartRequest, now: number): Promise<StartResult>
  complete(callback: Callback, holds: Consent['boundTo'] | null, now: number): Promise<ConsentOutcome>
  /** A fresh way to consent for one operator, as a message to show only to them. */
  begin(request: { operator: string; repin: boolean; incidentId: number | null }): Promise<MessageView>
  /** Google's address for a consent begun without a browser of ours: by a Slack user, or in a terminal. */
  startDirect(request: { boundTo: Consent['boundTo']; repin: boolean; incidentId: number | null }): Promise<StartResult>
  finishPasted(boundTo: Consent['boundTo'], address: string): Promise<ConsentOutcome>
}

const CALLBACK_PATH = '/oauth/google/callback'

async function whenStored(ports: AllPorts, consent: Consent, email: string, now: number): Promise<void> {
  const open = await ports.incidents.latest('port-sheet/sync')
  const incidentId = consent.incidentId ?? (open !== null && isOpen(open) ? open.id : null)
  if (incidentId !== null) await act(ports, incidentId, { do: 'consented', email }, now)
  const state = await ports.syncState.read()
  await ports.syncState.write({ ...state, reauthFailures: 0, configurationFailures: 0, failure: null, nextAttemptAt: null })
  if (consent.mode === 'repin') await tellRepin(ports, consent, email, now)
  // What Google refused before is answered: the token endpoint and the sheet have just accepted. A new token ends every wait; whether it really works, only the sync can tell.
  await ports.work.demand({ job: SYNC_JOB, subject: '', dueAt: now, reason: 'consent', by: null })
}

/** The port sheet is read with another account from now on: that is for everybody to know. */
async function tellRepin(ports: AllPorts, consent: Consent, email: string, now: number): Promise<void> {
  const ticket = consent.ticketHash === null ? null : await ports.consents.findTicket(consent.ticketHash)
  const who = ticket?.operator ?? (consent.boundTo.kind === 'user' ? consent.boundTo.value : null)
  const dispatch = { kind: 'notice' as const, text: `The port sheet is now read with another Google account: ${email}.`, by: who }
  await ports.outbox.add({ key: `repin:${consent.stateHash}`, target: 'slack', lane: 'notices', dispatch }, now)
}

function readCallback(address: string): Callback {
  const query = URL.parse(address)?.searchParams
  return { state: query?.get('state') ?? undefined, code: query?.get('code') ?? undefined, error: query?.get('error') ?? undefined }
}

export function createConsentFlow(deps: ConsentFlowDeps): ConsentFlow {
  const { config, uow, clock } = deps
  const loopback = `http://127.0.0.1:${config.http.port}`
  const publicUrl = config.http.publicUrl ?? null
  const completeDeps: CompleteDeps<AllPorts> = {
    uow,
    client: deps.client,
    box: deps.box,
    probe: (token) => deps.api.probe(token),
    whenStored: (ports, consent, { email }) => whenStored(ports, consent, email, clock.now()),
  }
  const complete: ConsentFlow['complete'] = async (callback, holds, now) => {
    const outcome = await completeConsent(completeDeps, callback, holds, now)
    const { kind } = outcome
    if (kind !== 'connected' && kind !== 'unknown-state' && kind !== 'other-browser' && outcome.incidentId !== null) {
      const { incidentId } = outcome
      const account = 'email' in outcome ? outcome.email : null
      const reason = outcome.kind === 'probe-failed' && outcome.failure.class === 'data' ? 'not-shared' : outcome.kind
      await uow.run((ports) => act(ports, incidentId, { do: 'consent-refused', reason, account }, clock.now()))
    }
    deps.wake()
    return outcome
  }
  const modeFor = async (repin: boolean): Promise<ConsentMode> => {
    const connected = (await uow.run(({ connections }) => connections.read(CONNECTION))) !== null
    return connected ? (repin ? 'repin' : 'renew') : 'first'
  }
  const startDirect: ConsentFlow['startDirect'] = async ({ boundTo, repin, incidentId }) => {
    const mode = await modeFor(repin)
    const request = { mode, incidentId, ticketHash: null, boundTo, redirectUri: `${loopback}${CALLBACK_PATH}` }
    return startConsent(deps, request, clock.now())
  }
  return {
    publicRedirectUri: `${publicUrl ?? loopback}${CALLBACK_PATH}`,
    loopbackRedirectUri: `${loopback}${CALLBACK_PATH}`,
    incidentLink: (incidentId) =>
      publicUrl === null ? null : `${publicUrl}/oauth/google/start?ticket=${incidentTicket(deps.box, incidentId)}`,
    checkTicket: (ticket, now) => checkTicket(deps, ticket, async (id) => isOpenIncident(uow, id), now),
    start: (request, now) => startConsent(deps, request, now),
    complete,
    startDirect,
    begin: async ({ operator, repin, incidentId }) => {
      const mode = await modeFor(repin)
      if (publicUrl !== null) {
        const ticket = await operatorTicket(deps, { mode, operator, incidentId }, clock.now())
        return startLinkView(`${publicUrl}/oauth/google/start?ticket=${ticket}`, mode)
      }
      const started = await startDirect({ boundTo: { kind: 'user', value: operator }, repin, incidentId })
      return started.kind === 'started'
        ? pasteBackView(started.url, mode)
        : plainView('Too many tries within a minute. Wait a minute, then try again.')
    },
    finishPasted: (boundTo, address) => complete(readCallback(address), boundTo, clock.now()),
  }
}

async function isOpenIncident(uow: UnitOfWork<AllPorts>, id: number): Promise<boolean> {
  const incident = await uow.run(({ incidents }) => incidents.find(id))
  return incident !== null && isOpen(incident)
}
