import { readHealth } from '../../services/status/read-health.ts'
import { AUDIT_JOB } from '../../services/work/work.ts'
import type { BotDeps } from '../deps.ts'
import { plainView } from '../views/answers.ts'
import { auditPendingView, healthView, type RichView } from '../views/health.ts'
import { later, NOTHING, type Answer, type Asked } from './answer.ts'

async function read(deps: BotDeps): Promise<RichView> {
  return healthView(await readHealth(deps.uow, deps.agent, deps.clock.now()), deps.zone)
}

/** `/jada health`: what the last audit found. */
export const health = (deps: BotDeps): Answer => later(() => read(deps))

/** `/jada health now`: asks for an audit, and tells what it finds. */
export async function healthNow(deps: BotDeps, asked: Asked): Promise<Answer> {
  const at = deps.clock.now()
  const lastRun = await deps.uow.run(async (ports) => {
    if (!(await ports.inbox.claimAct(asked.triggerId, at))) return null
    await ports.work.demand({ job: AUDIT_JOB, subject: '', dueAt: at, reason: 'operator', by: asked.user })
    await ports.audit.add({ at, actor: asked.user, act: 'health.now', subject: 'host' })
    return (await ports.runs.lastRun(AUDIT_JOB))?.id ?? 0
  })
  deps.wake()
  if (lastRun === null) return NOTHING
  return {
    first: plainView('Looking at the server.'),
    later: async () => ((await deps.awaitAudit(lastRun)) === null ? auditPendingView() : read(deps)),
  }
}
