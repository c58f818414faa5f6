import { createCallbackRoute } from '../bot/routes/consent.ts'
import { createHttpServer } from '../bot/routes/server.ts'
import { consentWords, type ConsentWords } from '../bot/views/reauth.ts'
import { pause } from '../clock.ts'
import { JadaError } from '../errors.ts'
import { randomToken } from '../random.ts'
import { CONNECTION } from '../services/google/connection.ts'
import type { ConsentOutcome } from '../services/google/complete-consent.ts'
import { isOpen } from '../services/incidents/incident.ts'
import { SYNC_JOB, type RunRecord } from '../services/work/work.ts'
import { lockDataDir } from '../store/sqlite.ts'
import type { Core } from './core.ts'

/** A consent begun in a terminal. */
export interface TerminalConsent {
  readonly url: string
  readonly redirectUri: string
  /** Resolves when the browser came back by itself; never, when the bot has the port and the address must be pasted. */
  readonly cameBack: Promise<ConsentOutcome>
  /** True when this process answers the redirect itself. */
  readonly listens: boolean
  finish(address: string): Promise<ConsentOutcome>
  close(): Promise<void>
}

/** Begins a consent whose state only this terminal knows. Throws JadaError `too-many` when many were begun within a minute. */
export async function beginTerminalConsent(core: Core, repin: boolean): Promise<TerminalConsent> {
  const boundTo = { kind: 'terminal' as const, value: randomToken(core.random) }
  const incident = await core.uow.run(({ incidents }) => incidents.latest('port-sheet/sync'))
  const incidentId = incident !== null && isOpen(incident) ? incident.id : null
  const started = await core.consent.startDirect({ boundTo, repin, incidentId })
  if (started.kind === 'too-many')
    throw new JadaError('too-many', 'Many consents were begun within a minute. Wait a minute, then try again.')
  let heard: (outcome: ConsentOutcome) => void = () => undefined
  const cameBack = new Promise<ConsentOutcome>((resolve) => {
    heard = resolve
  })
  const route = createCallbackRoute({
    clock: core.clock,
    log: core.log,
    random: core.random,
    redirectUri: core.consent.loopbackRedirectUri,
    checkTicket: (ticket, now) => core.consent.checkTicket(ticket, now),
    start: (request, now) => core.consent.start(request, now),
    complete: async (callback, _holds, now) => {
      const outcome = await core.consent.complete(callback, boundTo, now)
      // Somebody else's redirect, or an old page loaded again, is not the end of this consent.
      if (outcome.kind !== 'unknown-state' && outcome.kind !== 'other-browser') heard(outcome)
      return outcome
    },
  })
  const { port } = core.config.http
  const server = createHttpServer({
    log: core.log,
    port,
    host: '127.0.0.1',
    routes: { '/oauth/google/callback': route },
    slackEvents: null,
  })
  const listens = await server.start().then(
    () => true,
    () => false,
  )
  return {
    url: started.url,
    redirectUri: core.consent.loopbackRedirectUri,
    cameBack,
    listens,
    finish: (address) => core.consent.finishPasted(boundTo, address),
    close: async () => {
      if (listens) await server.stop()
    },
  }
}

export function outcomeWords(outcome: ConsentOutcome): ConsentWords {
  return consentWords(outcome)
}

/** Whether a bot works on this data now, and will therefore run the sync that was asked for. */
export function isBotRunning(core: Core): boolean {
  try {
    lockDataDir(core.config.dataDir).release()
    return false
  } catch {
    return true
  }
}

const PATIENCE_MS = 60_000
const BETWEEN_LOOKS_MS = 500

/** The number of the last sync so far. */
export async function lastSync(core: Core): Promise<number> {
  return (await core.uow.run(({ runs }) => runs.lastRun(SYNC_JOB)))?.id ?? 0
}

/** Waits for the sync after the run `runId`, done by the bot: it proves the token. Null: it has not ended within a minute. */
export async function awaitProof(core: Core, runId: number): Promise<RunRecord | null> {
  const consentedAt = (await core.uow.run(({ connections }) => connections.read(CONNECTION)))?.consentedAt ?? 0
  let after = runId
  for (const end = core.clock.monotonic() + PATIENCE_MS; core.clock.monotonic() < end; await pause(core.clock, BETWEEN_LOOKS_MS)) {
    const run = await core.uow.run(({ runs }) => runs.finishedAfter(SYNC_JOB, after))
    // A run that began before the consent was stored says nothing about the new token.
    if (run !== null && run.startedAt >= consentedAt) return run
    after = run?.id ?? after
  }
  return null
}
