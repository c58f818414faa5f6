import { report } from '../incidents/report.ts'
import { decideTask } from '../tasks/decide.ts'
import type { ModelFailure } from '../model/model.ts'
import { NO_EVIDENCE, type Evidence } from '../signals/signal.ts'
import { lastPause, writePause } from './pause.ts'
import type { AgentPorts } from './ports.ts'
import type { Session } from './session.ts'
import { change, tell } from './tell.ts'

/** Claude's service refuses us or does not answer. Sessions wait; none is burned. */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Somebody must mend the key or the bill: until then one look now and then is enough. */
const REFUSED_WAITS_MS = [HOUR_MS, 4 * HOUR_MS, 24 * HOUR_MS]

/** What passes by itself. */
const BUSY_WAITS_MS = [30_000, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS]

/** A person hears of it when it did not pass. */
const FAILURES_TO_TELL = 4

const at = (waits: readonly number[], index: number): number => waits[Math.min(index, waits.length - 1)] ?? HOUR_MS

function evidenceOf(failure: ModelFailure, failures: number, firstFailureAt: number, nextAttemptAt: number): Evidence {
  const { class: kind, code, status } = failure
  return { ...NO_EVIDENCE, class: kind, code, status, failures, firstFailureAt, nextAttemptAt, hint: hintOf(failure) }
}

/** What to look at, by the status of the refusal. */
function hintOf({ status }: ModelFailure): string | null {
  if (status === 401) return 'model-key'
  if (status === 402) return 'model-payment'
  if (status === 403) return 'model-permission'
  return status === 404 ? 'model-name' : null
}

/** Takes note of a failure: pauses the agent when the service refuses us. Gives when to try again. */
export async function modelFails(ports: AgentPorts, session: Session, failure: ModelFailure, now: number): Promise<number> {
  const key = 'agent/model'
  if (failure.class === 'refused-us') {
    const before = await lastPause(ports.settings)
    // A person's pause is theirs to end: ours would end it by itself.
    const isPersons = before !== null && before.by !== null && (before.until === null || before.until > now)
    const goesOn = before !== null && before.by === null
    const refusals = goesOn ? before.refusals + 1 : 1
    const until = now + at(REFUSED_WAITS_MS, refusals - 1)
    const since = goesOn ? before.since : now
    if (!isPersons) await writePause(ports.settings, { since, until, by: null, reason: failure.code, refusals })
    const evidence = evidenceOf(failure, refusals, since, until)
    await report(ports, { status: 'failing', key, kind: 'model_refused', severity: 'critical', evidence }, now)
    return until
  }
  const failures = session.failures + 1
  const wait = Math.min(Math.max(at(BUSY_WAITS_MS, failures - 1), failure.retryAfterMs ?? 0), 24 * HOUR_MS)
  if (failures >= FAILURES_TO_TELL) {
    const evidence = evidenceOf(failure, failures, session.startedAt, now + wait)
    await report(ports, { status: 'failing', key, kind: 'model_unavailable', severity: 'warning', evidence }, now)
  }
  return now + wait
}

/** Puts the session to waiting for the service. */
export async function waitForModel(ports: AgentPorts, session: Session, failure: ModelFailure, until: number, now: number): Promise<void> {
  const task = await ports.tasks.find(session.taskId)
  const waiting = task === null ? null : decideTask(task, { do: 'wait' }, now)
  if (waiting !== null) await ports.tasks.save(waiting)
  const failures = session.failures + 1
  const patch = { status: 'waiting' as const, wait: { for: 'model' as const, until }, failures, step: 'waiting for Claude' }
  const waits = await change(ports, session, patch, now)
  // Once, not at each of many attempts.
  if (failures === 1) await tell(ports, waits, { type: 'model-wait', code: failure.code, until }, now)
}

/** It answers: what was wrong is over. */
export async function modelAnswers(ports: AgentPorts, now: number): Promise<void> {
  const pause = await lastPause(ports.settings)
  if (pause !== null && pause.by === null) await writePause(ports.settings, null)
  await report(ports, { status: 'ok', key: 'agent/model', summary: 'Claude answers again; waiting sessions go on.' }, now)
}
