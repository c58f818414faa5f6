import type { KnownBlock } from '@slack/types'
import type { Audit, CheckResult } from '../../services/host/audit.ts'
import { CHECK_NAMES } from '../../services/host/wording.ts'
import type { Health } from '../../services/status/read-health.ts'
import { outside, toldSection } from './agent-text.ts'
import { sessionState } from './agent-words.ts'
import type { MessageView } from './alert.ts'
import { context } from './blocks.ts'
import { chartBlocks, tableBlocks } from './health-chart.ts'
import { plainView } from './answers.ts'
import { ago, fitLines, moment } from './text.ts'

/** An answer with blocks that Slack may refuse, and the same without them; `plain` is no part of what is sent. */
export interface RichView extends MessageView {
  readonly plain: MessageView
}

export const isRich = (view: MessageView): view is RichView => 'plain' in view

const VERDICT: Readonly<Record<Health['verdict'], string>> = {
  ok: 'OK',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'PARTLY UNKNOWN',
}

const LEVEL: Readonly<Record<CheckResult['level'], string>> = {
  ok: '',
  warning: ' *WARNING*',
  critical: ' *CRITICAL*',
  unknown: ' *UNKNOWN*',
  self: ' *NO EVIDENCE*',
  none: '',
}

const LONGEST_CHECK = 400

/** What is partly known says what of it is not: a bare UNKNOWN beside a figure would contradict it. */
const checkLine = ({ name, level, text, partly = false }: CheckResult): string =>
  `• ${CHECK_NAMES[name]}:${partly ? ' *PARTLY UNKNOWN*' : LEVEL[level]} ${outside(text, LONGEST_CHECK)}`

function activity({ quota, lastSync, lastPoll, now }: Health): string {
  const { used, limits, sessions } = quota
  const last = sessions.at(-1)
  const begun = last === undefined ? 'none has begun today' : `the last one began ${ago(last.startedAt, now)} (${sessionState(last)})`
  const run = (record: Health['lastSync']): string =>
    record === null ? 'never' : record.finishedAt === null ? 'running now' : ago(record.finishedAt, now)
  return `*Sessions today:* ${used} of ${limits.sessionsPerDay}; ${begun}\n*Last work of the bot:* port sheet sync ${run(lastSync)}, look for tasks ${run(lastPoll)}`
}

function worstLines({ worst }: Audit, now: number): KnownBlock[] {
  if (worst.length === 0) return []
  const lines = worst.map(
    ({ at, text, times }) => `• ${times === 1 ? '' : `${times} times, the last `}${ago(at, now)}: ${outside(text, 240)}`,
  )
  return [toldSection(fitLines(['*Worst lines of its journal, 24 h*', ...lines], 2800))]
}

function where({ source, host, unitName, uptime }: Audit): string {
  const how = source === 'local' ? "the bot's own machine, from inside" : 'over Lightsail and one SSH connection'
  return `${outside(host, 100)} (${how}), ${outside(uptime, 100)}, service ${outside(unitName, 260)}`
}

/** `/jada health`: the verdict, a line for each check, what the agent did, the worst lines, and the day's figures. */
export function healthView(health: Health, zone: string): RichView {
  const { audit, now, verdict, stale, running, samples } = health
  if (audit === null) {
    const none = plainView(`The server was not audited yet.${running ? ' An audit runs now.' : ' `/jada health now` does it.'}`)
    return { ...none, plain: none }
  }
  const old = stale ? ` *This is old:* the server should be looked at every 10 minutes.` : ''
  const word = VERDICT[verdict]
  const text = `Server: ${word}, audited ${ago(audit.at, now)}`
  const checks = audit.checks.filter(({ level }) => level !== 'none').map(checkLine)
  const blocks = [
    toldSection(`*Server: ${word}*, audited ${ago(audit.at, now)}.${old}\n${where(audit)}`),
    toldSection(fitLines([...checks, `• Network: ${outside(audit.network, LONGEST_CHECK)}`], 2900)),
    toldSection(activity(health)),
    ...worstLines(audit, now),
  ]
  const end = context(`Audited ${moment(audit.at)}. What could not be seen is unknown, and counts as neither good nor bad.`)
  return {
    text,
    blocks: [...blocks, ...chartBlocks(samples, now, zone), end],
    plain: {
      text,
      blocks: [...blocks, ...tableBlocks(samples, now, zone), end],
    },
  }
}

/** An audit that was asked for and has not ended while somebody looked at the screen. */
export function auditPendingView(): MessageView {
  return plainView('The audit is asked for and has not ended yet. `/jada health` shows it when it has.')
}
