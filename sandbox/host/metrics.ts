import type { Points } from '../lightsail/lightsail.ts'
import type { HostFault } from './faults.ts'

/** A day of the instance's figures, as Lightsail's own graphs would show them. */

const MINUTE = 60_000
const FIVE = 5 * MINUTE
const DAY = 24 * 3_600_000
/** What would take an hour to show has happened within the last points, so that nobody has to wait. */
const FAULTY_MS = 4 * FIVE

type Point = readonly [at: number, value: number]

/** Each at the end of its period, the latest a little behind, as they come. */
function points(now: number, periodMs: number, value: (at: number) => number): Point[] {
  const last = Math.floor((now - MINUTE / 2) / periodMs) * periodMs
  const count = DAY / periodMs
  return Array.from({ length: count }, (_, index) => {
    const at = last - (count - 1 - index) * periodMs
    return [at, value(at)] as const
  })
}

const wave = (at: number, hours: number): number => Math.sin((at / 3_600_000 / hours) * 2 * Math.PI)
/** Higher when it syncs, each half hour. */
const isSync = (at: number): boolean => at % (30 * MINUTE) < FIVE
const round = (value: number): number => Math.round(value * 100) / 100

export function metricsOf(faulty: ReadonlyMap<HostFault, number>, now: number): Points {
  const isLate = (at: number): boolean => at > now - FAULTY_MS
  const isBurnt = faulty.has('burst')
  const isFailing = faulty.has('checks')
  return {
    CPUUtilization: points(now, FIVE, (at) => (isBurnt && isLate(at) ? 34 : round(2.2 + wave(at, 24) + (isSync(at) ? 3 : 0)))),
    BurstCapacityPercentage: points(now, FIVE, (at) => (isBurnt && isLate(at) ? 1 : round(96 + wave(at, 24) * 2))),
    NetworkIn: points(now, FIVE, (at) => Math.round(620_000 + wave(at, 12) * 260_000 + (isSync(at) ? 400_000 : 0))),
    NetworkOut: points(now, FIVE, (at) => Math.round(310_000 + wave(at, 12) * 120_000 + (isSync(at) ? 120_000 : 0))),
    StatusCheckFailed_Instance: points(now, MINUTE, (at) => (isFailing && isLate(at) ? 1 : 0)),
    StatusCheckFailed_System: points(now, MINUTE, () => 0),
  }
}
