import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readWord, type Word } from '../../src/bot/thread-words.ts'
import { outsideText } from '../support/incident-samples.ts'

const HOUR = 3_600_000

test.each<[string, Word]>([
  ['ack', { word: 'ack' }],
  [' ACK. ', { word: 'ack' }],
  ['acknowledge', { word: 'ack' }],
  ['resolve', { word: 'resolve' }],
  ['retry', { word: 'retry' }],
  ['status?', { word: 'status' }],
  ['Why?', { word: 'why' }],
  ['timeline', { word: 'timeline' }],
  ['snooze', { word: 'snooze', forMs: HOUR }],
  ['snooze 2h', { word: 'snooze', forMs: 2 * HOUR }],
  ['snooze for 30 min', { word: 'snooze', forMs: HOUR / 2 }],
  ['snooze 7d', { word: 'snooze', forMs: 7 * 24 * HOUR }],
  ['snooze until 08:00', { word: 'snooze', forMs: null }],
  ['snooze morning', { word: 'snooze', forMs: null }],
  ['snooze 8d', { word: 'unclear', of: 'snooze' }],
  ['snooze forever', { word: 'unclear', of: 'snooze' }],
  ['assign <@U0TOM>', { word: 'assign', to: 'U0TOM' }],
  ['Assign to <@U0TOM|tom>', { word: 'assign', to: 'U0TOM' }],
  ['assign me', { word: 'assign', to: 'U0MARA' }],
  ['assign', { word: 'unclear', of: 'assign' }],
  ['assign tom', { word: 'unclear', of: 'assign' }],
  ['assign <!channel>', { word: 'unclear', of: 'assign' }],
  ['I will ack this later', { word: 'question', text: 'I will ack this later' }],
  ['why does <https://a.example|this> fail?', { word: 'question', text: 'why does this (https://a.example) fail?' }],
  ['constructor', { word: 'question', text: 'constructor' }],
])('%s', (raw, word) => {
  expect(readWord(raw, 'U0MARA')).toEqual(word)
})

test('whatever is written is read, and what is long is cut', () => {
  fc.assert(
    fc.property(outsideText(), (raw) => {
      const word = readWord(raw, 'U0MARA')
      if (word.word === 'question') expect(word.text.length).toBeLessThanOrEqual(2000)
    }),
  )
})
