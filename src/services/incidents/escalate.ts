import { hourOf, nextHour } from '../../local-time.ts'
import type { Severity } from '../signals/signal.ts'
import type { Incident } from './incident.ts'

/** When somebody is reminded of an incident that nobody has reacted to. Acknowledging, snoozing, assigning and resolving end it. */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** How long before each reminder; after the last of them nobody is reminded any more. */
const WAITS: Readonly<Record<Severity, readonly number[]>> = {
  critical: [15 * MINUTE_MS, 15 * MINUTE_MS, ...Array.from({ length: 6 }, () => HOUR_MS)],
  warning: [4 * HOUR_MS],
  notice: [],
}

/** The reminder that goes to the person and not into the thread, which they may not have seen. */
const DIRECT = 2

const waitBefore = (severity: Severity, number: number): number | null => WAITS[severity][number - 1] ?? null

/** The reminders of an incident that begins to burn. */
export function firstReminder(severity: Severity, now: number): Pick<Incident, 'reminders' | 'remindAt'> {
  const wait = waitBefore(severity, 1)
  return { reminders: 0, remindAt: wait === null ? null : now + wait }
}

/** The reminder that is due, and when the one after it is. */
export function reminderAfter(
  { severity, reminders }: Pick<Incident, 'severity' | 'reminders'>,
  now: number,
): { readonly number: number; readonly direct: boolean; readonly next: number | null } {
  const number = reminders + 1
  const wait = waitBefore(severity, number + 1)
  return { number, direct: number === DIRECT, next: wait === null ? null : now + wait }
}

const QUIET_FROM = 22
const QUIET_UNTIL = 7

/** Until when a reminder is held because people sleep; null: it may be sent. What is critical is never held. */
export function heldUntil({ severity }: Pick<Incident, 'severity'>, now: number, zone: string): number | null {
  const hour = hourOf(now, zone)
  if (severity === 'critical' || (hour < QUIET_FROM && hour >= QUIET_UNTIL)) return null
  return nextHour(QUIET_UNTIL, now, zone)
}

/** The lengths of a snooze that the card offers. */
export type SnoozeChoice = '1h' | '4h' | 'morning'

const MORNING = 8

/** When a snooze of that length ends. It always ends. */
export function snoozeEnd(choice: SnoozeChoice, now: number, zone: string): number {
  if (choice !== 'morning') return now + (choice === '1h' ? HOUR_MS : 4 * HOUR_MS)
  return nextHour(MORNING, now, zone)
}

/** No snooze is longer: what is put off for weeks is forgotten. */
export const LONGEST_SNOOZE_MS = 7 * 24 * HOUR_MS
