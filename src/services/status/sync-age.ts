/** How old the port sheet's data was, hour by hour: for a chart of days, when nobody remembers any more. Times are UTC milliseconds. */

/** The worst age of the data within one UTC hour. */
export interface AgeHour {
  /** When the hour began. */
  readonly hour: number
  readonly minutes: number
}

export interface SyncAgeStore {
  /** The last hour that is kept; null: none is. */
  lastHour(): Promise<number | null>
  /** Keeps the worse of what is known of each hour. What was kept of hours after `now`, before the clock was set back, goes. */
  keep(hours: readonly AgeHour[], now: number): Promise<void>
  /** Hours that began since then, oldest first. */
  since(from: number): Promise<readonly AgeHour[]>
}

export interface SyncAgePorts {
  readonly syncAge: SyncAgeStore
  readonly charterReader: { readAt(): Promise<number | null> }
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** A little more than the chart shows. */
const FILLED_HOURS = 8 * 24

const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS

/**
 * What is known at `now` of the hours since the last one that was kept. Nobody read the sheet between them, or it would have been
 * kept: so the data got older by what the clock says, also while the bot was down. Data that was never read has no age.
 */
export function agesUntil({ readAt, lastHour }: { readAt: number | null; lastHour: number | null }, now: number): AgeHour[] {
  if (readAt === null || readAt > now) return []
  const current = hourOf(now)
  const known = lastHour === null || lastHour > current ? hourOf(readAt) : Math.max(lastHour, hourOf(readAt))
  const hours: AgeHour[] = []
  for (let hour = Math.max(known, current - FILLED_HOURS * HOUR_MS); hour <= current; hour += HOUR_MS) {
    const until = Math.min(hour + HOUR_MS, now)
    hours.push({ hour, minutes: Math.floor((until - readAt) / MINUTE_MS) })
  }
  return hours
}

/** Keeps the age as it is now, and what it was since the last time. Before a new reading is stored, this keeps how old the one before became. */
export async function recordAge({ syncAge, charterReader }: SyncAgePorts, now: number): Promise<void> {
  const known = { readAt: await charterReader.readAt(), lastHour: await syncAge.lastHour() }
  await syncAge.keep(agesUntil(known, now), now)
}

/** The worst age within a part of the last days; null: nothing is known of it, which is not zero. */
export interface AgeSlot {
  readonly from: number
  readonly minutes: number | null
}

/** As many half days as a week has: a chart takes at most 20 points. */
const SLOTS = 14
const SLOT_MS = 12 * HOUR_MS

/** From where `readAges` looks. */
const firstSlot = (now: number): number => hourOf(now) - SLOTS * SLOT_MS

/** Half days back from the hour of `now`; what this hour holds belongs to the last of them. */
export function ageSlots(hours: readonly AgeHour[], now: number): AgeSlot[] {
  const from = firstSlot(now)
  const slots = Array.from({ length: SLOTS }, (_, index) => ({ from: from + index * SLOT_MS, minutes: null as number | null }))
  for (const { hour, minutes } of hours) {
    const slot = hour > now ? undefined : slots[Math.min(SLOTS - 1, Math.floor((hour - from) / SLOT_MS))]
    if (slot !== undefined) slot.minutes = Math.max(slot.minutes ?? 0, minutes)
  }
  return slots
}

/** The last seven days, in the caller's transaction. */
export async function readAges({ syncAge }: Pick<SyncAgePorts, 'syncAge'>, now: number): Promise<AgeSlot[]> {
  return ageSlots(await syncAge.since(firstSlot(now)), now)
}
