import { DateTime } from 'luxon'

/** Days of people, in their zone: summer time begins and ends on some of them. */

const MORNING = 8
const NOON = 12

/** The next eight o'clock there, after `now`. */
export function nextMorning(now: number, zone: string): number {
  const local = DateTime.fromMillis(now, { zone })
  const today = local.startOf('day').set({ hour: MORNING })
  return (today.toMillis() > now ? today : local.plus({ days: 1 }).startOf('day').set({ hour: MORNING })).toMillis()
}

/** The local date of a digest that may be made now; null: before eight, or noon has come. */
export function morningDate(now: number, zone: string): string | null {
  const local = DateTime.fromMillis(now, { zone })
  return local.hour >= MORNING && local.hour < NOON ? local.toISODate() : null
}
