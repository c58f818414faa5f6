import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkAccess } from '../../src/bot/access.ts'
import { isActing, parseCommand, type Command } from '../../src/bot/commands/parse.ts'

describe('what is typed after /jada', () => {
  test.each<[string, Command]>([
    ['', { name: 'help' }],
    ['help', { name: 'help' }],
    ['status', { name: 'status' }],
    ['  STATUS  ', { name: 'status' }],
    ['quota', { name: 'quota' }],
    ['sync', { name: 'sync-diff' }],
    ['sync diff', { name: 'sync-diff' }],
    ['sync  now', { name: 'sync-now' }],
    ['Sync Apply', { name: 'sync-apply' }],
    ['reauth', { name: 'reauth', repin: false }],
    ['reauth repin', { name: 'reauth', repin: true }],
    ['incidents', { name: 'incidents' }],
    ['incident 12', { name: 'incident', id: 12 }],
    ['incident #12', { name: 'incident', id: 12 }],
    ['incident\t12', { name: 'incident', id: 12 }],
  ])('%o is understood', (text, command) => {
    expect(parseCommand(text)).toEqual({ command, isPublic: false })
  })

  // Commands of the contract that belong to parts which are not in this version.
  test.each([
    'tasks',
    'task 3',
    'task 3 cancel',
    'task add crew-page Summer Cruise',
    'sessions',
    'health',
    'health now',
    'pause',
    'pause sync for 2h',
    'resume',
    'incident 12 export',
  ])('%o is known and said to come later', (text) => {
    expect(parseCommand(text).command.name).toBe('later')
  })

  test.each<[string, string | null]>([
    ['statsu', 'status'],
    ['quotas', 'quota'],
    ['sync nwo', 'sync now'],
    ['sync aply', 'sync apply'],
    ['reauht', 'reauth'],
    ['incident', 'incidents'],
    ['incident twelve', null],
    ['hlep', 'help'],
    ['make me a sandwich', null],
    ['<@U0HOSTILE>', null],
    ['constructor', null],
    ['__proto__', null],
  ])('%o is not known; the nearest is %o', (text, suggestion) => {
    expect(parseCommand(text).command).toEqual({ name: 'unknown', typed: text.toLowerCase(), suggestion })
  })

  test('public at the end shows the answer to the channel, and is a word of its own', () => {
    expect(parseCommand('status public')).toEqual({ command: { name: 'status' }, isPublic: true })
    expect(parseCommand('incident 3 PUBLIC')).toEqual({ command: { name: 'incident', id: 3 }, isPublic: true })
    expect(parseCommand('public').isPublic).toBe(false)
    expect(parseCommand('publicstatus').isPublic).toBe(false)
  })

  test('anything at all is answered', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const { command } = parseCommand(text)
        if (command.name === 'unknown') {
          expect(command.typed.length).toBeLessThanOrEqual(200)
          expect(command.suggestion).not.toBe(command.typed)
        }
      }),
    )
  })

  test('a suggestion is understood when it is typed', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 12, unit: fc.constantFrom('s', 'y', 'n', 'c', ' ', 'o', 'w', 't', 'a', 'u', 'q', 'i', 'd', 'e', '1') }),
        (text) => {
          const { command } = parseCommand(text)
          if (command.name === 'unknown' && command.suggestion !== null)
            expect(parseCommand(command.suggestion).command.name).not.toBe('unknown')
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('only what changes something takes an operator', () => {
    const acting = ['sync now', 'sync apply', 'reauth', 'reauth repin']
    const reading = ['', 'status', 'quota', 'sync', 'sync diff', 'incidents', 'incident 1', 'help', 'nonsense']
    expect(acting.map((text) => isActing(parseCommand(text).command))).toEqual(acting.map(() => true))
    expect(reading.map((text) => isActing(parseCommand(text).command))).toEqual(reading.map(() => false))
  })
})

describe('who may', () => {
  const rules = { operators: ['U0MARA', 'U0JON'], opsChannel: 'C0OPS' }

  test.each<[string, string, string, boolean, boolean]>([
    ['an operator acts in the ops channel', 'U0MARA', 'C0OPS', true, true],
    ['an operator acts elsewhere', 'U0JON', 'C0OTHER', true, true],
    ['an operator reads elsewhere', 'U0JON', 'D0DIRECT', false, true],
    ['a guest reads in the ops channel', 'U0GUEST', 'C0OPS', false, true],
    ['a guest reads elsewhere', 'U0GUEST', 'C0OTHER', false, false],
    ['a guest acts in the ops channel', 'U0GUEST', 'C0OPS', true, false],
    ['a guest acts elsewhere', 'U0GUEST', 'C0OTHER', true, false],
    ['nobody at all reads', '', 'C0OTHER', false, false],
  ])('%s', (_name, user, channel, acting, allowed) => {
    expect(checkAccess(rules, user, channel, acting).allowed).toBe(allowed)
  })

  test('who may not is told whom to ask, or where', () => {
    const acting = checkAccess(rules, 'U0GUEST', 'C0OPS', true)
    const reading = checkAccess(rules, 'U0GUEST', 'C0OTHER', false)
    expect(acting).toMatchObject({ explanation: expect.stringContaining('<@U0MARA>, <@U0JON>') })
    expect(reading).toMatchObject({ explanation: expect.stringContaining('<#C0OPS>') })
  })
})
