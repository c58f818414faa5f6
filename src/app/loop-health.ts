/** Longer without a look than this, and a loop does not turn. A deliverer with many slow answers may take a while. */
const LOOP_SILENCE_MS = 180_000

/** Why the loops do not turn, in words; nothing when they do. Both are monotonic milliseconds; `lastLookAt` null: they have not begun. */
export function loopProblems(lastLookAt: number | null, now: number): readonly string[] {
  if (lastLookAt === null) return ['the loops have not started']
  const silence = now - lastLookAt
  return silence > LOOP_SILENCE_MS ? [`a loop has not turned for ${Math.round(silence / 1000)} s`] : []
}
