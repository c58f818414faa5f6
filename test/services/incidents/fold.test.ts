import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Transition } from '../../../src/services/incidents/decide.ts'
import { decideReport } from '../../../src/services/incidents/fold.ts'
import { concerns, isOpen, type Effect, type Incident } from '../../../src/services/incidents/incident.ts'
import type { DutyKey, Signal } from '../../../src/services/signals/signal.ts'
import { failing, incident, NETWORK_DOWN, NOON, ok, TOKEN_DEAD } from '../../support/incident-samples.ts'

const MINUTE = 60_000
const NO_CLAUDE = failing('model_unavailable', 'warning', { class: 'unreachable', code: 'ENOTFOUND', failures: 4 }, 'agent/model')
const BUSY_CLAUDE = failing('model_unavailable', 'warning', { class: 'busy', code: 'overloaded_error', status: 529 }, 'agent/model')
const BLIND = failing('host_unreachable', 'warning', { class: 'host', code: 'reach', hint: 'network' }, 'host/reach')
const NO_SSH = failing('host_unreachable', 'warning', { class: 'host', code: 'reach', hint: 'inside' }, 'host/reach')
const SERVER_DOWN = failing('host_down', 'critical', { class: 'host', code: 'instance-state' }, 'host/status-checks')
const SYNC_OK = ok('2 charters changed.')
const CLAUDE_OK = ok('Claude answers again.', 'agent/model')
const HOST_OK = ok('All 7 figures could be read.', 'host/reach')

/** All incidents there are, as the store keeps them. */
class Story {
  readonly incidents: Incident[] = []
  readonly effects: Effect[] = []
  #at = NOON

  see(signal: Signal): this {
    this.#at += MINUTE
    this.#report(signal)
    return this
  }

  #report(signal: Signal): void {
    const current = this.incidents.findLast(({ key }) => key === signal.key) ?? null
    const { transitions, apart } = decideReport({ current, open: this.incidents.filter(isOpen) }, signal, this.#at)
    for (const transition of transitions) this.#commit(transition)
    for (const one of apart) this.#report(one)
  }

  #commit({ next, effects }: Transition): void {
    this.effects.push(...effects)
    if (!('id' in next)) {
      this.incidents.push({ ...next, id: this.incidents.length + 1 })
      return
    }
    const index = this.incidents.findIndex(({ id }) => id === next.id)
    expect(next.version).toBe((this.incidents[index]?.version ?? 0) + 1)
    this.incidents[index] = next
  }

  get told(): readonly string[] {
    return this.incidents.map(({ key, state, cause, symptoms }) => {
      const folded = symptoms.map((one) => `${one.failing ? '' : 'done '}${one.key}`).join(', ')
      return `${key} ${state}${cause === null ? '' : ` (${cause}: ${folded})`}`
    })
  }
}

const story = (...signals: readonly Signal[]): Story => {
  const one = new Story()
  for (const signal of signals) one.see(signal)
  return one
}

const linesOf = ({ effects }: Story): readonly string[] =>
  effects.flatMap((effect) =>
    effect.do === 'alert-line'
      ? [effect.symptom === undefined ? 'own' : `${effect.symptom.key} ${effect.symptom.failing ? 'fails' : 'ends'}`]
      : [],
  )

describe('a cut network', () => {
  test('is one incident, though the sync, Claude and the look at the host fail of it', () => {
    const { told, effects } = story(NETWORK_DOWN, NO_CLAUDE, BLIND)
    expect(told).toEqual(['port-sheet/sync open (network: port-sheet/sync, agent/model, host/reach)'])
    expect(effects.filter((effect) => effect.do === 'post-card')).toHaveLength(1)
  })

  test('is over when all three were seen working, and says what each brought', () => {
    const one = story(NETWORK_DOWN, NO_CLAUDE, BLIND, CLAUDE_OK, HOST_OK)
    expect(one.told).toEqual(['port-sheet/sync open (network: port-sheet/sync, done agent/model, done host/reach)'])
    one.see(SYNC_OK)
    expect(one.told).toEqual(['port-sheet/sync resolved (network: done port-sheet/sync, done agent/model, done host/reach)'])
    expect(one.incidents[0]).toMatchObject({
      proven: true,
      resolution: '2 charters changed. Claude answers again. All 7 figures could be read.',
    })
  })

  test('leaves a line of the alert log for the begin and the end of each duty', () => {
    const one = story(NETWORK_DOWN, NO_CLAUDE, SYNC_OK, CLAUDE_OK)
    expect(linesOf(one)).toEqual(['own', 'agent/model fails', 'port-sheet/sync ends', 'agent/model ends'])
  })

  test('fails again for those who fail: no second card, no further line', () => {
    const one = story(NETWORK_DOWN, NO_CLAUDE, NO_CLAUDE, NETWORK_DOWN, NO_CLAUDE)
    expect(one.told).toHaveLength(1)
    expect(linesOf(one)).toEqual(['own', 'agent/model fails'])
  })
})

describe('split again', () => {
  test('when the other one fails of something else', () => {
    const one = story(NETWORK_DOWN, NO_CLAUDE, BUSY_CLAUDE)
    expect(one.told).toEqual(['port-sheet/sync open', 'agent/model open'])
  })

  test('when the one it began with fails of something else: it keeps its card, and is told as what it is', () => {
    const one = story(NETWORK_DOWN, NO_CLAUDE, BLIND, TOKEN_DEAD)
    expect(one.told).toEqual(['port-sheet/sync open', 'agent/model open (network: agent/model, host/reach)'])
    expect(one.incidents[0]).toMatchObject({ kind: 'oauth_token_failure', severity: 'critical', cause: null })
  })

  test('when one works and another one still fails after that: the network is not it', () => {
    const one = story(NETWORK_DOWN, NO_CLAUDE, SYNC_OK, NO_CLAUDE)
    expect(one.told).toEqual(['port-sheet/sync resolved', 'agent/model open'])
    expect(one.incidents[0]).toMatchObject({ proven: true, resolution: '2 charters changed.' })
    one.see(CLAUDE_OK)
    expect(one.told).toEqual(['port-sheet/sync resolved', 'agent/model resolved'])
  })

  test('also of three: what still fails goes on, told apart', () => {
    const one = story(NETWORK_DOWN, NO_CLAUDE, BLIND, HOST_OK, NO_CLAUDE)
    expect(one.told).toEqual(['port-sheet/sync open (network: port-sheet/sync, done host/reach)', 'agent/model open'])
  })
})

describe('not folded', () => {
  test.each([
    ['causes that differ', [NETWORK_DOWN, BUSY_CLAUDE]],
    ['a dead token and a cut network', [TOKEN_DEAD, NO_CLAUDE]],
    ['one that began after another one had been seen working', [NETWORK_DOWN, NO_CLAUDE, CLAUDE_OK, BLIND]],
  ] as const)('%s', (_name, signals) => {
    expect(story(...signals).told).toHaveLength(2)
  })

  test('an incident of its own that is open already', () => {
    expect(story(BUSY_CLAUDE, NETWORK_DOWN, NO_CLAUDE).told).toEqual(['agent/model open', 'port-sheet/sync open'])
  })
})

describe('severity', () => {
  test('a graver symptom burns anew, also when somebody had acknowledged', () => {
    const one = story(NO_SSH)
    one.incidents[0] = incident({ ...one.incidents[0], state: 'acknowledged', remindAt: null })
    one.see(SERVER_DOWN)
    expect(one.told).toEqual(['host/reach open (server: host/reach, host/status-checks)'])
    expect(one.incidents[0]).toMatchObject({ severity: 'critical', kind: 'host_unreachable', burningSince: 2, version: 2 })
    // The milder one that it began with says nothing against that.
    one.see(NO_SSH)
    expect(one.incidents[0]?.severity).toBe('critical')
    expect(linesOf(one)).toEqual(['own', 'host/status-checks fails'])
  })

  test('a symptom as grave as the rest leaves the acknowledgement', () => {
    const one = story(NETWORK_DOWN)
    one.incidents[0] = incident({ ...one.incidents[0], state: 'acknowledged', remindAt: null })
    one.see(NO_CLAUDE)
    expect(one.incidents[0]).toMatchObject({ state: 'acknowledged', cause: 'network' })
  })
})

test('closed by a person: the next failure of the first opens it again, alone', () => {
  const one = story(NETWORK_DOWN, NO_CLAUDE)
  one.incidents[0] = incident({ ...one.incidents[0], state: 'resolved', proven: false, resolvedBy: 'U0MARA', remindAt: null })
  one.see(NETWORK_DOWN)
  expect(one.told).toEqual(['port-sheet/sync open'])
  one.see(NO_CLAUDE)
  expect(one.told).toEqual(['port-sheet/sync open (network: port-sheet/sync, agent/model)'])
})

test('disks: a full one explains a failed backup only on the same machine', () => {
  const backup = failing('backup_failed', 'warning', { class: 'host', hint: 'disk-full' }, 'bot/backup')
  const disk = (hint: string | null) => failing('host_disk', 'critical', { class: 'host', hint }, 'host/disk')
  expect(story(disk('own-host'), backup).told).toHaveLength(1)
  expect(story(disk(null), backup).told).toHaveLength(2)
})

const SIGNALS: readonly Signal[] = [
  NETWORK_DOWN,
  TOKEN_DEAD,
  NO_CLAUDE,
  BUSY_CLAUDE,
  BLIND,
  NO_SSH,
  SERVER_DOWN,
  SYNC_OK,
  CLAUDE_OK,
  HOST_OK,
  ok('The instance runs.', 'host/status-checks'),
]
const DUTIES: readonly DutyKey[] = ['port-sheet/sync', 'agent/model', 'host/reach', 'host/status-checks']

test('whatever comes: a duty that fails is told of by exactly one open incident, one that works by none', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SIGNALS), { maxLength: 24 }), (signals) => {
      const one = story(...signals)
      const open = one.incidents.filter(isOpen)
      for (const duty of DUTIES) {
        const last = signals.findLast(({ key }) => key === duty)
        expect(open.filter((each) => concerns(each, duty))).toHaveLength(last?.status === 'failing' ? 1 : 0)
      }
      for (const { symptoms, cause, key } of one.incidents) {
        expect(symptoms.length === 0).toBe(cause === null)
        expect(symptoms.length).not.toBe(1)
        expect(symptoms.length === 0 || symptoms.some((each) => each.key === key)).toBe(true)
      }
      for (const { symptoms } of open) expect(symptoms.length === 0 || symptoms.some((each) => each.failing)).toBe(true)
    }),
    { numRuns: 500 },
  )
})
