import type { Point } from './lightsail.ts'
import type { PastPoint } from './reading.ts'
import type { Sample } from './sample.ts'

/** Series of the provider joined by their times, oldest first. `received`, `sent`: sums of a period. Pure. */
export function joinPast(cpu: readonly Point[], received: readonly Point[], sent: readonly Point[], periodSeconds: number): PastPoint[] {
  const [load, taken, given] = [cpu, received, sent].map((points) => new Map(points.map(({ at, value }) => [at, value])))
  const aSecond = (sum: number | undefined): number | null => (sum === undefined ? null : Math.round(sum / periodSeconds))
  const times = [...new Set([cpu, received, sent].flat().map(({ at }) => at))].toSorted((a, b) => a - b)
  return times.map((at) => ({ at, cpu: load?.get(at) ?? null, received: aSecond(taken?.get(at)), sent: aSecond(given?.get(at)) }))
}

/** As if audits had been made then: the charts have them, and nothing is compared with them. */
export const toPastSample = ({ at, cpu, received, sent }: PastPoint): Sample => ({
  at,
  cpu: cpu === null ? null : Math.round(cpu * 10) / 10,
  memory: null,
  disk: null,
  received,
  sent,
  restarts: null,
  counters: null,
})
