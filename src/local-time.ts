import { DateTime } from 'luxon'

/** The hour of the day in a zone, 0 to 23. */
export const hourOf = (now: number, zone: string): number => DateTime.fromMillis(now, { zone }).hour

/** When it is next that full hour of the day in a zone; also in nights in which clocks are changed. */
export function nextHour(hour: number, now: number, zone: string): number {
  const local = DateTime.fromMillis(now, { zone })
  const day = local.hour >= hour ? local.plus({ days: 1 }) : local
  return day.set({ hour, minute: 0, second: 0, millisecond: 0 }).toMillis()
}
