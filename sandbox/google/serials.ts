const DAY_MS = 86_400_000
/** Day 0 of Sheets. Its serials count days and carry no time zone. */
const EPOCH_MS = Date.UTC(1899, 11, 30)

/** `2026-11-05` as Sheets stores it: whole days since 30 December 1899. */
export function dateSerial(isoDate: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(isoDate) ? Date.parse(`${isoDate}T00:00:00Z`) : Number.NaN
  // Date.parse rolls 31 February over to March in some engines, so compare what came out.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== isoDate) throw new Error(`not a date: ${isoDate}`)
  return (ms - EPOCH_MS) / DAY_MS
}

/** `09:30` as Sheets stores it: a fraction of a day. */
export function timeSerial(time: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time)
  if (match === null) throw new Error(`not a time of day: ${time}`)
  return (Number(match[1]) * 60 + Number(match[2])) / 1440
}

/** The UTC fields of the result are the wall clock of the cell. */
export const serialToDate = (serial: number): Date => new Date(EPOCH_MS + Math.round(serial * DAY_MS))
