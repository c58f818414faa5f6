import type { SlackFault } from './types.ts'

export interface Faults {
  add(fault: SlackFault): void
  clear(): void
  /** The first fault that applies to this method; uses it up once. */
  take(method: string): SlackFault | undefined
}

function matches(pattern: string, method: string): boolean {
  const expression = pattern.replaceAll('.', '\\.').replaceAll('*', '.*')
  return new RegExp(`^${expression}$`, 'u').test(method)
}

export function createFaults(): Faults {
  let active: { fault: SlackFault; left: number }[] = []
  return {
    add(fault) {
      active.push({ fault, left: fault.times ?? Infinity })
    },
    clear() {
      active = []
    },
    take(method) {
      const found = active.find(({ fault }) => matches(fault.method ?? '*', method))
      if (!found) return undefined
      found.left -= 1
      if (found.left <= 0) active = active.filter((one) => one !== found)
      return found.fault
    },
  }
}
