import { expect, test } from 'vitest'
import { decideAudit, FRESH_HOST_STATE } from '../../../src/services/host/audit.ts'
import { known, unknown } from '../../../src/services/host/figure.ts'
import { asFigure } from '../../../src/services/host/lightsail.ts'
import type { Reading } from '../../../src/services/host/reading.ts'
import { wellCloud, wellReading } from '../../support/host-samples.ts'
import { NOON } from '../../support/incident-samples.ts'

/** The hint of what a check tells after three such looks: by it incidents of one cause find each other. */
function hintOf(key: string, change: (at: number) => Partial<Reading>): string | null | undefined {
  let state = FRESH_HOST_STATE
  let hint: string | null | undefined
  for (let look = 0; look < 4; look += 1) {
    const at = NOON + look * 600_000
    // The first look is good: what was never seen is not missed.
    const decided = decideAudit(
      wellReading(at, { source: 'lightsail', cloud: wellCloud(at), ...(look === 0 ? {} : change(at)) }),
      [],
      state,
    )
    state = decided.state
    const signal = decided.signals.find((one) => one.key === key)
    hint = signal?.status === 'failing' ? signal.evidence.hint : undefined
  }
  return hint
}

test('Lightsail that nobody reaches tells of the network; a host that nobody gets into, of the server', () => {
  const unreached = (at: number) => ({ ...unknown('Lightsail could not be reached (ENOTFOUND)', at), unreached: true as const })
  const blind = (at: number) => unknown('SSH: the host could not be reached', at)
  expect(hintOf('host/reach', (at) => ({ unit: blind(at), cloud: wellCloud(at, { state: unreached(at) }) }))).toBe('network')
  expect(hintOf('host/reach', (at) => ({ unit: blind(at) }))).toBe('inside')
  // A key that AWS refuses is neither.
  const refused = (at: number) => unknown('AWS refuses our credentials', at)
  expect(hintOf('host/reach', (at) => ({ unit: blind(at), cloud: wellCloud(at, { state: refused(at) }) }))).toBeNull()
})

test('a service that the kernel ended tells of the memory', () => {
  const ended = (at: number) =>
    known({ active: 'failed', sub: 'failed', result: 'oom-kill', restarts: 0, since: at, memoryBytes: null }, at)
  expect(hintOf('host/service', (at) => ({ unit: ended(at) }))).toBe('oom-kill')
})

test('a connection that was never made counts as unreached, an answer that refuses does not', async () => {
  const failed = (what: { name?: string; code?: string }) => asFigure(Promise.reject(Object.assign(new Error('no'), what)), 'none', NOON)
  expect(await failed({ code: 'ECONNREFUSED' })).toMatchObject({ unreached: true })
  expect(await failed({ code: 'EAI_AGAIN' })).toMatchObject({ unreached: true })
  expect(await failed({ name: 'TimeoutError' })).toMatchObject({ unreached: true })
  expect(await failed({ name: 'AccessDeniedException' })).not.toHaveProperty('unreached')
})
