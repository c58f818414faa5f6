import { describeError } from '../errors.ts'
import type { Business } from '../services/status/business.ts'
import { readBusiness, type SailingDeps } from '../services/status/sailings.ts'
import type { Core } from './core.ts'

/** How things stand for the office, for cards. A card tells what it can also when this cannot be read: then it is null. */
export function createBusinessReader(
  { uow, log }: Pick<Core, 'uow' | 'log'>,
  sailing: SailingDeps,
): (now: number) => Promise<Business | null> {
  return async (now) => {
    try {
      return await readBusiness(uow, sailing, now)
    } catch (error) {
      log.warn('slack', `a card does without what hangs on it, which cannot be read: ${describeError(error)}`)
      return null
    }
  }
}
