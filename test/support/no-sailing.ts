import type { SailingDeps } from '../../src/services/status/sailings.ts'

/** No rules about charters, and no private columns. */
export const NO_SAILING: SailingDeps = {
  rules: { crewPage: false, eSignature: false, chaseHours: 0, cancelled: [], undecided: [], priority: 'normal' },
  privateFields: new Set(),
}
