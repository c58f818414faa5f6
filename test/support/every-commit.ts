import { it } from 'vitest'

/**
 * The proofs that kill at each commit, one process for each: two minutes of two cores. `npm run test:kill` runs them, and so does the
 * project's gate; `npm test`, which is to stay under three minutes, leaves them out and shows them as skipped.
 */
export const isEvery = process.env['EVERY_COMMIT'] !== undefined
export const everyCommit = it.runIf(isEvery)
