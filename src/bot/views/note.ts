import type { ConsentRefusal, Incident, Note } from '../../services/incidents/incident.ts'
import { actionOf, SEVERITY_WORD, titleOf } from '../../services/incidents/wording.ts'
import { evidenceText, recoveryText } from './alert.ts'
import { failureText } from './failure.ts'
import { runbookText } from './runbook-link.ts'
import { cut, escape, LIMITS, moment } from './text.ts'

/** `again`: how to try once more. */
const REFUSALS: Readonly<Record<ConsentRefusal, (account: string | null, again: string) => string>> = {
  denied: (_account, again) => `The consent was declined on Google's page. Nothing changed. ${again}`,
  'wrong-account': (account) =>
    `Somebody consented with another Google account (${account ?? 'unknown'}). It was refused, and the old connection stays. If the change is meant, an operator uses \`/jada reauth repin\`.`,
  'missing-scopes': (_account, again) =>
    `The consent left out a permission the bot needs: the box for the spreadsheets must stay ticked. Nothing changed. ${again}`,
  'no-refresh-token': (_account, again) => `Google gave access for one hour only this time. Nothing changed. ${again}`,
  'probe-failed': (_account, again) =>
    `The consent worked, but the new token could not be tried out on the sheet. Nothing changed. ${again}`,
  'not-shared': (account) =>
    `The consent worked, but ${account ?? 'the account'} cannot read the port sheet. Share the sheet with it, then try again. Nothing changed.`,
  'exchange-failed': (_account, again) => `Google did not complete the consent. Nothing changed. ${again}`,
  'no-identity': (_account, again) => `Google did not say which account consented. Nothing changed. ${again}`,
  superseded: () => 'This consent came too late: a newer one is stored already.',
}

const tryAgain = ({ kind }: Incident): string =>
  `Press ${kind === 'google_not_connected' ? 'Connect Google' : 'Re-authorize'} to try again.`

/** Of a token that ends soon nothing has failed yet. */
const unproven = ({ kind }: Incident): string =>
  kind === 'oauth_token_expiring'
    ? 'not proven: no newer consent has been seen. If the token still ends soon, this opens again.'
    : 'not proven: nothing has shown yet that it works again. The next failure opens it again.'

/** With the reason, where a code alone would stand for it: findings are told by the card. */
function stillFailing({ class: failed, code, status, findings, nextAttemptAt }: Incident['evidence']): string {
  const why = failed === null || findings.length > 0 ? '' : `: ${failureText({ class: failed, code, status })}`
  return `It still fails${why}.${nextAttemptAt === null ? '' : ` Next try ${moment(nextAttemptAt)}.`}`
}

const toDo = (incident: Incident): string => `*What to do:* ${escape(actionOf(incident))}.`

/** A note as a line of the timeline, for one reader. `snapshot` is the incident just after it. */
export function noteText(note: Note, snapshot: Incident, onDuty: string): string {
  return cut(words(note, snapshot, onDuty), LIMITS.noteText)
}

/** Notes that say what is wrong: with them the runbook helps. */
const EXPLAINED: ReadonlySet<Note['type']> = new Set(['evidence', 'changed', 'reopened', 'reminded'])

/** A note as a reply in the thread; `runbook` is the address of the runbook's page. Whoever acted is not mentioned: it would fill their list of threads. */
export function threadText(note: Note, snapshot: Incident, onDuty: string, runbook: string | null = null): string {
  if (note.type === 'closed-unproven') return `Closed by hand, ${unproven(snapshot)}`
  if (note.type === 'assigned') return `This is with <@${note.to}> now.`
  const more = runbook !== null && EXPLAINED.has(note.type) ? `\n${runbookText(snapshot.kind, runbook)}` : ''
  return `${noteText(note, snapshot, onDuty)}${more}`
}

/** The message to whoever is on duty; `channel` is where the card is. */
export function directText(incident: Incident, channel: string): string {
  const first = `*${SEVERITY_WORD[incident.severity]}: ${titleOf(incident)}.* Nobody has reacted to incident ${incident.id} in <#${channel}> yet; it has been open since ${moment(incident.openedAt)}.`
  return `${first}\n${cut(toDo(incident), 1500)} Acknowledge it on its card, or with \`ack\` in its thread.`
}

function words(note: Note, snapshot: Incident, onDuty: string): string {
  switch (note.type) {
    case 'evidence':
      return `What is known so far:\n${evidenceText(snapshot)}`
    case 'changed': {
      const line = `It is now: *${SEVERITY_WORD[snapshot.severity]}: ${titleOf(snapshot)}* (before: ${titleOf({ kind: note.from })}).\n${toDo(snapshot)}`
      // An edit notifies nobody; that it became worse must.
      return `${note.escalated ? `<@${onDuty}> ` : ''}${line}\n${evidenceText(snapshot)}`
    }
    case 'reopened':
      return `It fails again, so this incident is open again.\n${toDo(snapshot)}\n${evidenceText(snapshot)}`
    case 'still-failing':
      return stillFailing(snapshot.evidence)
    case 'acknowledged':
      return `Acknowledged by <@${note.by}>.`
    case 'snoozed':
      return `Snoozed by <@${note.by}> until ${moment(note.until)}.`
    case 'assigned':
      return note.by === note.to ? `<@${note.by}> took it.` : `<@${note.by}> assigned it to <@${note.to}>.`
    case 'retried':
      return `<@${note.by}> asked for another try.`
    case 'reminded':
      return note.direct
        ? `Reminder ${note.number}: whoever is on duty was written to.`
        : `<@${onDuty}>, nobody has reacted to this yet (reminder ${note.number}). ${toDo(snapshot)} \`ack\` in this thread stops the reminders.`
    case 'woken':
      return 'The snooze is over, and this is not resolved yet.'
    case 'consented':
      return `${escape(note.email)} has consented and the new token can read the sheet. A sync runs now; its success closes this incident.`
    case 'consent-refused':
      return REFUSALS[note.reason](note.account === null ? null : escape(note.account), tryAgain(snapshot))
    case 'recovered':
      return recoveryText(snapshot, note.summary)
    case 'closed-unproven':
      return `Closed by <@${note.by}>, ${unproven(snapshot)}`
    case 'proven-later':
      return `Seen working again: ${escape(note.summary)}`
    case 'folded': {
      const line = `*${titleOf({ kind: note.kind })}.* It has the same cause, so it is told of here. It is now: *${SEVERITY_WORD[snapshot.severity]}: ${titleOf(snapshot)}.*\n${toDo(snapshot)}`
      return note.escalated ? `<@${onDuty}> ${line}` : line
    }
    case 'split':
      return `What failed together has different causes after all. From here on each is told of by itself: ${note.kinds.map((kind) => `"${titleOf({ kind })}"`).join(', ')}.`
    case 'partly-recovered':
      return `Works again: ${escape(note.summary)} The rest has yet to be seen working.`
  }
}
