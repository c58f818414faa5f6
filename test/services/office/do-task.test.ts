import { expect, it } from 'vitest'
import { needsJudgement } from '../../../src/services/office/do-task.ts'
import { charter } from '../../support/agent-desk.ts'

it.each([
  ['crew-page', {}, []],
  ['crew-page', { captain: ' ' }, ['The port sheet names no captain.']],
  ['crew-page', { captain: '', guests: null }, ['The port sheet names no captain.', 'The port sheet does not say how many guests come.']],
  ['e-signature', { guests: 2 }, []],
  ['e-signature', { guests: null }, []],
  ['e-signature', { guests: 6 }, ['The sheet counts 6 guests but names 2: the others have no agreement yet.']],
  ['e-signature', { guests: 1 }, ['The sheet counts 1 guest but names 2: correct one of the two.']],
  [
    'e-signature',
    { guestNames: 'TBD', guests: 2 },
    ['The sheet names no guests. Fill in the guest names, one after the other with commas between them.'],
  ],
] as const)('code does a %s by itself, unless something is missing: %j', (kind, change, judgement) => {
  expect(needsJudgement(kind, { charter: charter(change) })).toEqual(judgement)
})
