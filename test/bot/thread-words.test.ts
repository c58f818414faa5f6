import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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
  ['I will ack this later', { word: 'talk' }],
  ['why does <https://a.example|this> fail?', { word: 'question', text: 'why does this (https://a.example) fail?' }],
  ['constructor', { word: 'talk' }],
])('%s', (raw, word) => {
  expect(readWord(raw, 'U0MARA', 'U0BOT')).toEqual(word)
})

const question = (text: string): Word => ({ word: 'question', text })
const TALK: Word = { word: 'talk' }
const NEAR: Word = { word: 'unclear', of: 'words' }

describe('who is heard', () => {
  test.each<[string, Word]>([
    ['The boat leaves at nine, is that a trouble?', question('The boat leaves at nine, is that a trouble?')],
    ['why is it failing', question('why is it failing')],
    ["What's going on", question("What's going on")],
    ['is Google down', question('is Google down')],
    ['should we restart the server', question('should we restart the server')],
    ['which tab is it (the new one?)', question('which tab is it (the new one?)')],
    ['<@U0BOT> tell me what happened', question('tell me what happened')],
    ['<@U0BOT>, explain this to <@U0TOM|tom>', question('explain this to @tom')],
    ['<@U0BOT> status', { word: 'status' }],
    ['<@U0BOT|jada> ack', { word: 'ack' }],
    ['<@U0BOT>', NEAR],
  ])('a question for us: %s', (raw, word) => {
    expect(readWord(raw, 'U0MARA', 'U0BOT')).toEqual(word)
  })

  test.each([
    '<@U0TOM> can you look at the router?',
    'why did you do that <@U0TOM>',
    'will do',
    'is done, thanks all',
    'will look into it',
    'is fixed now',
    'can confirm, same here',
    'I am on it',
    'Tom restarted the router an hour ago',
    'thanks!',
    'back in ten minutes',
    'status of the boats in the harbor',
    'ok',
    ':eyes:',
    '',
  ])('talk among people: %s', (raw) => {
    expect(readWord(raw, 'U0MARA', 'U0BOT')).toEqual(TALK)
  })

  test.each(['snoze 2h', 'resolved', 'ack please', 'ackk', 'retry now please', 'asign me', 'timelnie', 'status sync'])(
    'a slip gets the words: %s',
    (raw) => {
      expect(readWord(raw, 'U0MARA', 'U0BOT')).toEqual(NEAR)
    },
  )

  test('while nobody knows who we are, a mention is that of somebody', () => {
    expect(readWord('<@U0BOT> what now?', 'U0MARA', null)).toEqual(TALK)
    expect(readWord('what now?', 'U0MARA', null)).toEqual(question('what now?'))
  })
})

test('whatever is written is read, and what is long is cut', () => {
  fc.assert(
    fc.property(outsideText(), (raw) => {
      const word = readWord(raw, 'U0MARA', 'U0BOT')
      if (word.word === 'question') expect(word.text.length).toBeLessThanOrEqual(2000)
    }),
  )
})
