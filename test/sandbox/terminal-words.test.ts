import { describe, expect, it } from 'vitest'

import { parseWord, splitChange } from '../../sandbox/terminal/words.ts'

describe('a line of input', () => {
  it.each([
    ['', { word: 'nothing' }],
    ['# a remark', { word: 'nothing' }],
    ['  /jada   status ', { word: 'command', text: 'status', as: null }],
    ['/jada', { word: 'command', text: '', as: null }],
    ['as guest /jada status', { word: 'command', text: 'status', as: 'guest' }],
    ['as @Tom click Close', { word: 'click', button: 'Close', as: 'tom' }],
    ['sync', { word: 'command', text: 'sync now', as: null }],
    ['click Snooze 1 h', { word: 'click', button: 'Snooze 1 h', as: null }],
    ['reply What is GOING on?', { word: 'reply', text: 'What is GOING on?', as: null }],
    ['REVOKE', { word: 'fault', fault: 'revoke', times: null }],
    ['ratelimit 3', { word: 'fault', fault: 'ratelimit', times: 3 }],
    ['outage', { word: 'fault', fault: 'outage', times: null }],
    ['clear', { word: 'fault', fault: 'clear', times: null }],
    ['slack down', { word: 'slack', up: false }],
    ['claude works', { word: 'claude', fault: null }],
    ['look', { word: 'command', text: 'health now', as: null }],
    ['host works', { word: 'host', fault: null }],
    ['host SSH', { word: 'host', fault: 'ssh' }],
    ['Claude 529', { word: 'claude', fault: '529' }],
    ['edit JC-1105 captain Capt. Bo', { word: 'edit', charter: 'JC-1105', change: 'captain Capt. Bo' }],
    ['drop 4', { word: 'drop', count: 4 }],
    ['consent', { word: 'consent', account: 'office', deny: false }],
    ['consent as captain', { word: 'consent', account: 'captain', deny: false }],
    ['deny', { word: 'consent', account: 'office', deny: true }],
    ['kill', { word: 'kill' }],
    ['exit', { word: 'quit' }],
  ])('%j is understood', (line, word) => {
    expect(parseWord(line)).toEqual(word)
  })

  it.each([
    ['drop', 'drop <n>'],
    ['drop many', 'drop <n>'],
    ['outage often', 'outage [n]'],
    ['revoke 3', 'revoke'],
    ['edit JC-1105', 'edit <charter id>'],
    ['click', 'click <button>'],
    ['claude sleeps', 'claude works, or claude and one of'],
    ['host sleeps', 'host works, or host and one of'],
    ['as guest revoke', 'as <name> /jada'],
  ])('%j is told how to be written', (line, usage) => {
    const word = parseWord(line)
    expect(word.word === 'wrong' && word.usage).toContain(usage)
  })

  it.each([
    ['revok', 'revoke'],
    ['conset', 'consent'],
    ['status', '/jada status'],
    ['stauts', '/jada status'],
    ['jada help', '/jada help'],
    ['outge 2', 'outage'],
    ['frobnicate', null],
    ['hello there everybody', null],
  ])('%j is unknown, with the suggestion %j', (typed, suggestion) => {
    expect(parseWord(typed)).toEqual({ word: 'unknown', typed, suggestion })
  })
})

describe('a change of a cell', () => {
  const columns = ['Guests', 'Guest names', 'Captain']

  it('takes the longest column that fits, and the rest as the value', () => {
    expect(splitChange('guest names Ada, Ben', columns)).toEqual({ column: 'Guest names', value: 'Ada, Ben' })
    expect(splitChange('guests 4', columns)).toEqual({ column: 'Guests', value: '4' })
    expect(splitChange('Captain', columns)).toEqual({ column: 'Captain', value: '' })
    expect(splitChange('skipper Bo', columns)).toBeNull()
  })
})
