import type { ConsentRefusal, Incident, Note } from '../../services/incidents/incident.ts'
import { actionOf, SEVERITY_WORD, titleOf } from '../../services/incidents/wording.ts'
import { evidenceText } from './alert.ts'
import { cut, duration, escape, LIMITS, moment } from './text.ts'

const REFUSALS: Readonly<Record<ConsentRefusal, (account: string | null) => string>> = {
  denied: () => "The consent was declined on Google's page. Nothing changed. Press Re-authorize to try again.",
  'wrong-account': (account) =>
    `Somebody consented with another Google account (${account ?? 'unknown'}). It was refused, and the old connection stays. If the change is meant, an operator uses /jada reauth repin.`,
  'missing-scopes': () =>
    'The consent left out a permission the bot needs: the box for the spreadsheets must stay ticked. Nothing changed.',
  'no-refresh-token': () => 'Google gave no lasting token this time. Nothing changed. Press Re-authorize to try again.',
  'probe-failed': () =>
    'The consent worked, but the new token could not be tried out on the sheet. Nothing changed. Press Re-authorize to try again.',
  'not-shared': (account) =>
    `The consent worked, but ${account ?? 'the account'} cannot read the port sheet. Share the sheet with it, then try again. Nothing changed.`,
  'exchange-failed': () => 'Google did not complete the consent. Nothing changed. Press Re-authorize to try again.',
  'no-identity': () => 'Google did not say which account consented. Nothing changed. Press Re-authorize to try again.',
  superseded: () => 'This consent came too late: a newer one is stored already.',
}

/** A note as a line of text, for the thread and for the timeline. `snapshot` is the incident just after it. */
export function noteText(note: Note, snapshot: Incident, onDuty: string): string {
  return cut(words(note, snapshot, onDuty), LIMITS.noteText)
}

function words(note: Note, snapshot: Incident, onDuty: string): string {
  switch (note.type) {
    case 'evidence':
      return `What is known so far:\n${evidenceText(snapshot)}`
    case 'changed': {
      const line = `It is now: *${SEVERITY_WORD[snapshot.severity]}: ${titleOf(snapshot)}* (before: ${titleOf({ kind: note.from })}). ${escape(actionOf(snapshot))}.`
      // An edit notifies nobody; that it became worse must.
      return `${note.escalated ? `<@${onDuty}> ` : ''}${line}\n${evidenceText(snapshot)}`
    }
    case 'reopened':
      return `It fails again, so this incident is open again. ${escape(actionOf(snapshot))}.\n${evidenceText(snapshot)}`
    case 'still-failing':
      return snapshot.evidence.nextAttemptAt === null
        ? 'It still fails.'
        : `It still fails (${escape(snapshot.evidence.code ?? 'no code')}). Next try ${moment(snapshot.evidence.nextAttemptAt)}.`
    case 'acknowledged':
      return `Acknowledged by <@${note.by}>.`
    case 'snoozed':
      return `Snoozed by <@${note.by}> until ${moment(note.until)}.`
    case 'woken':
      return 'The snooze is over and it is not resolved yet.'
    case 'consented':
      return `${escape(note.email)} has consented and the new token can read the sheet. A sync runs now; its success closes this incident.`
    case 'consent-refused':
      return REFUSALS[note.reason](note.account === null ? null : escape(note.account))
    case 'recovered': {
      const lasted = duration((snapshot.resolvedAt ?? snapshot.lastSeenAt) - (snapshot.evidence.firstFailureAt ?? snapshot.openedAt))
      return `Recovered after ${lasted}. Catch-up: ${escape(note.summary)}`
    }
    case 'closed-unproven':
      return `Closed by <@${note.by}>, not proven. The next failure opens it again.`
    case 'proven-later':
      return `Seen working again: ${escape(note.summary)}`
  }
}
