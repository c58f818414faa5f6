import { randomUUID } from 'node:crypto'

export interface Triggers {
  issue(user: string): string
  /** Whose click or command it was; an id works once, for 3 s. */
  redeem(id: string | undefined): { ok: true; user: string } | { ok: false; error: string }
}

const LIFE_MS = 3000

/** Trigger ids expire in real time: what they bound is how long the app took, which no test clock changes. */
export function createTriggers(): Triggers {
  const issued = new Map<string, { user: string; at: number; used: boolean }>()
  let count = 0
  return {
    issue(user) {
      count += 1
      const id = `${1_000_000 + count}.2000000.${randomUUID().replaceAll('-', '')}`
      issued.set(id, { user, at: Date.now(), used: false })
      return id
    },
    redeem(id) {
      const trigger = issued.get(id ?? '')
      if (!trigger) return { ok: false, error: 'invalid_trigger_id' }
      if (trigger.used) return { ok: false, error: 'exchanged_trigger_id' }
      if (Date.now() - trigger.at > LIFE_MS) return { ok: false, error: 'expired_trigger_id' }
      trigger.used = true
      return { ok: true, user: trigger.user }
    },
  }
}
