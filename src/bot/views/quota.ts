import type { KnownBlock } from '@slack/types'
import type { Pause } from '../../services/agent/pause.ts'
import type { QuestionQuota } from '../../services/answers/quota.ts'
import type { QuotaStatus } from '../../services/status/read-quota.ts'
import { count, dollars, outside, person, quoted, toldContext, toldFields, toldSection, tokens } from './agent-text.ts'
import { sessionState } from './agent-words.ts'
import type { MessageView } from './alert.ts'
import { ago, duration, fitLines, moment } from './text.ts'

/** `/jada quota`: what the day has used and what is left of it. */

/** What holds the agent back and until when. */
export function pauseText(pause: Pause): string {
  const until =
    pause.until === null ? 'until somebody resumes it: `/jada resume`' : `until ${moment(pause.until)}; \`/jada resume\` ends it earlier`
  const who = pause.by === null ? 'by the bot, because Claude refused its requests' : `by ${person(pause.by)}`
  const reason = pause.reason === null ? '' : `\n${quoted(pause.reason, 500)}`
  return `*Paused* ${who}, since ${moment(pause.since)}, ${until}.${reason}`
}

export function sessionsText({ used, limits, now, dayEndsAt }: QuotaStatus): string {
  const left = Math.max(0, limits.sessionsPerDay - used)
  const reserved = Math.min(left, limits.reservedSessions)
  const kept = reserved === 0 ? '' : `, ${reserved} of them only for critical tasks`
  return `*Sessions today: ${used} of ${limits.sessionsPerDay} used, ${left} left*${kept}.\nThe count starts again ${moment(dayEndsAt)} (midnight UTC), in ${duration(dayEndsAt - now)}.`
}

function forecast({ dryAt, used, limits }: QuotaStatus): string {
  if (used >= limits.sessionsPerDay) return 'No session begins before then.'
  if (used === 0) return 'None has begun today.'
  return dryAt === null ? 'At the pace of today they last.' : `At the pace of today they are used up at about ${moment(dryAt)}.`
}

/** In millionths of a dollar, as costs are. */
const CENT = 10_000

export function moneyFields({ today, month, limits }: QuotaStatus): KnownBlock {
  const read = today.usage.input + today.usage.cacheRead + today.usage.cacheWrite
  // From what is shown, so that the two add up.
  const left = Math.max(0, limits.dailyBudget - Math.round(today.cost / CENT) * CENT)
  return toldFields([
    ['Cost today', `${dollars(today.cost)} of ${dollars(limits.dailyBudget)}, ${dollars(left)} left`],
    ['Cost this month', `${dollars(month.cost)} in ${count(month.turns, 'turn')}`],
    ['Turns today', `${today.turns}, at most ${limits.maxTurns} a session`],
    ['Tokens today', `${tokens(read)} read, ${tokens(today.usage.output)} written`],
  ])
}

/** What answers in threads of incidents have cost. */
function questionsText({ spent, budget }: QuestionQuota): string {
  if (budget === 0) return 'Questions in threads are answered from the runbook: `JADA_QUESTION_BUDGET_USD` is 0.'
  const over = spent >= budget ? '; the rest of the day they are answered from the runbook' : ''
  return `*Questions:* ${dollars(spent)} of ${dollars(budget)} today, apart from sessions${over}.`
}

/** `questions` null: not read. */
export function quotaView(status: QuotaStatus, questions: QuestionQuota | null = null): MessageView {
  const { limits, used, now } = status
  const left = Math.max(0, limits.sessionsPerDay - used)
  const lines = status.sessions.map(
    (session) =>
      `*${session.id}* ${sessionState(session)}: task ${session.taskId}, ${outside(session.kind, 60)} (${count(session.turns, 'turn')}, ${dollars(session.cost)}, began ${ago(session.startedAt, now)})`,
  )
  const { queued = 0, 'needs-person': person = 0, waiting = 0 } = status.tasks
  const blocks: KnownBlock[] = [
    ...(status.hasKey
      ? []
      : [toldSection('*No key for Claude is set*, so no session begins. Set ANTHROPIC_API_KEY and start the bot again.')]),
    ...(status.pause === null ? [] : [toldSection(pauseText(status.pause))]),
    toldSection(`${sessionsText(status)}\n${forecast(status)}`),
    moneyFields(status),
    ...(questions === null || !status.hasKey ? [] : [toldSection(questionsText(questions))]),
    ...(lines.length === 0 ? [] : [toldSection(fitLines(lines, 2800))]),
    toldContext(`Tasks: ${queued} queued, ${waiting} waiting for a person, ${person} for a person to do. \`/jada tasks\` lists them.`),
  ]
  return { text: `Sessions today: ${used} of ${limits.sessionsPerDay} used, ${left} left`, blocks }
}
