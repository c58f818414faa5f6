import type { AnyAlertLine } from '../incidents/alert-line.ts'
import { unmarked } from '../incidents/wording.ts'

/** A notice as SNS takes it. */
export interface TopicNotice {
  readonly subject: string
  readonly message: string
  /** For filter policies of subscriptions. All strings, none empty. */
  readonly attributes: Readonly<Record<string, string>>
}

/** SNS API reference, Publish: "less than 100 characters long", no line breaks, no control characters; e-mail shows ASCII everywhere. */
const LONGEST_SUBJECT = 99

function subjectOf(text: string): string {
  // Accents go, the letters stay.
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
  return plain.length <= LONGEST_SUBJECT ? plain : `${plain.slice(0, LONGEST_SUBJECT - 3).trimEnd()}...`
}

const told = (name: string, value: string | null): string[] => (value === null ? [] : [`${name}: ${value}`])

/** An alert line for people first, who read mail on a phone, and then as it stands in the alert log. Pure. */
export function topicNotice(line: AnyAlertLine): TopicNotice {
  const { severity, component, event, incident, message } = line
  const isOver = severity === 'RESOLVED'
  const text = [
    `${severity}: ${message}.`,
    ...(isOver ? [] : ['', `What to do: ${unmarked(line.action)}.`]),
    '',
    `${incident === null ? '' : `Incident ${incident}, `}${component}, ${event}`,
    ...told('First failure', line.first_failure),
    ...(line.consecutive_failures > 1 ? [`Failures in a row: ${line.consecutive_failures}`] : []),
    ...told('Last success', line.last_success),
    ...told('Next attempt', line.next_attempt),
    `Runbook: ${line.runbook}`,
    '',
    JSON.stringify(line),
  ]
  return {
    subject: subjectOf(`JADA ${severity}: ${message}`),
    message: text.join('\n').replaceAll(/[^\P{Cc}\n]/gu, ' '),
    attributes: { severity, component, event },
  }
}
