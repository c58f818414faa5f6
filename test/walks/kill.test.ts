import { expect, it } from 'vitest'
import { COLORS } from '../support/world.ts'
import { everyCommit, isEvery } from '../support/every-commit.ts'
import { playStory, type Ending, type KillPoint } from '../support/kill-story.ts'

/** Real processes, half of whose time is waiting: more than there are cores. */
const AT_ONCE = 5

/** What must stand at the end of the story, whatever happened on the way. */
function judge(ending: Ending): unknown {
  return {
    cards: ending.cards,
    replies: ending.replies.map((reply) => reply.replace(/after .*/, 'after ...')),
    strays: ending.strays,
    alerts: ending.alertLines.map((line) => (JSON.parse(line) as { severity: string }).severity),
    undelivered: ending.undelivered,
    unfinished: ending.unfinished,
    charters: ending.charters,
    chartersAdded: ending.chartersAdded,
    generation: ending.generation,
  }
}

const GOOD = {
  cards: [{ text: 'RESOLVED: The port sheet syncs again', color: COLORS.green }],
  replies: [
    'What is known so far:',
    'office@jada.example has consented and the new token can read the sheet. A sync runs now; its success closes this incident.',
    'Recovered after ...',
  ],
  strays: [],
  alerts: ['CRITICAL', 'RESOLVED'],
  undelivered: 0,
  unfinished: 0,
  charters: 21,
  chartersAdded: 21,
  generation: 2,
}

/**
 * Every point of one kind, one after the other, until the story ends before the point comes: messages that are edited
 * together or apart make it a write longer or shorter from time to time.
 */
function* points(at: 'write' | 'call', step: number, state: { passed: boolean }): Generator<Extract<KillPoint, { n: number }>> {
  for (let n = 1; !state.passed; n += step) yield { at, n }
}

async function killEverywhere(at: 'write' | 'call', atLeast: number, step = 1): Promise<void> {
  const state = { passed: false }
  const next = points(at, step, state)
  const broken: unknown[] = []
  let killed = 0
  const worker = async (): Promise<void> => {
    for (let step = next.next(); step.done !== true; step = next.next()) {
      const point = step.value
      const ending = await playStory(point)
      if (ending.kills === 0) state.passed = true
      else killed += 1
      const judged = judge(ending)
      if (JSON.stringify(judged) !== JSON.stringify(GOOD))
        broken.push({ point, call: at === 'call' ? ending.calls[point.n - 1] : null, judged, log: ending.log })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  expect(broken).toEqual([])
  // From tick to alert and from consent to recovery: fewer would mean that the counting is broken.
  expect(killed).toBeGreaterThanOrEqual(Math.floor(atLeast / step))
}

everyCommit('survives kill -9 after every commit, with nothing lost and nothing doubled', { timeout: 170_000 }, () =>
  killEverywhere('write', 28),
)

const calls = isEvery ? 'every outside call' : 'every third outside call'
it(`survives kill -9 between the effect and the answer of ${calls}`, { timeout: 170_000 }, () =>
  killEverywhere('call', 13, isEvery ? 1 : 3),
)
