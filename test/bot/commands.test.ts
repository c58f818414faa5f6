import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkAccess } from '../../src/bot/access.ts'
import { isActing, isForOperators, parseCommand, type Command } from '../../src/bot/commands/parse.ts'

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
    ['incident 12 export', { name: 'incident-export', id: 12 }],
    ['Incident #12  EXPORT', { name: 'incident-export', id: 12 }],
    ['tasks', { name: 'tasks' }],
    ['task', { name: 'tasks' }],
    ['task 12', { name: 'task', id: 12 }],
    ['Task #12', { name: 'task', id: 12 }],
    ['task 12 cancel', { name: 'task-act', id: 12, act: 'cancel' }],
    ['task 12  RETRY', { name: 'task-act', id: 12, act: 'retry' }],
    ['task 12 done', { name: 'task-act', id: 12, act: 'done' }],
    ['task add', { name: 'task-add', kind: null, title: '' }],
    ['Task Add General', { name: 'task-add', kind: 'general', title: '' }],
    ['task add general Call Ana  Ruiz', { name: 'task-add', kind: 'general', title: 'Call Ana  Ruiz' }],
    ['task add general Make it public', { name: 'task-add', kind: 'general', title: 'Make it public' }],
    ['task add general Ask <@U0MARA|mara> &amp; Jon', { name: 'task-add', kind: 'general', title: 'Ask @mara & Jon' }],
    ['sessions', { name: 'sessions' }],
    ['health', { name: 'health' }],
    ['Health Now', { name: 'health-now' }],
    ['pause agent', { name: 'pause-agent', forMs: null }],
    ['pause agent for 2h', { name: 'pause-agent', forMs: 7_200_000 }],
    ['pause agent 30 minutes', { name: 'pause-agent', forMs: 1_800_000 }],
    ['pause agent for 1d', { name: 'pause-agent', forMs: 86_400_000 }],
    ['pause', { name: 'pause-how', problem: null }],
    ['pause agent for ever', { name: 'pause-how', problem: 'ever' }],
    ['pause agent for 0m', { name: 'pause-how', problem: '0m' }],
    ['pause agent for 91d', { name: 'pause-how', problem: '91d' }],
    ['resume', { name: 'resume' }],
    ['resume agent', { name: 'resume' }],
    ['mcp', { name: 'mcp' }],
    ['MCP accept', { name: 'mcp' }],
    ['mcp accept Wiki-2', { name: 'mcp-accept', server: 'wiki-2' }],
  ])('%o is understood', (text, command) => {
    expect(parseCommand(text)).toEqual({ command, isPublic: false })
  })

  // Commands of the contract that belong to parts which are not in this version.
  test.each(['pause sync', 'pause sync for 2h', 'resume sync'])('%o is known and said to come later', (text) => {
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
    ['incident 12 exprot', 'incident 12 export'],
    ['incident 12 everything', 'incident 12'],
    ['hlep', 'help'],
    ['taks', 'tasks'],
    ['task 12 cancle', 'task 12 cancel'],
    ['task 12 doen', 'task 12 done'],
    ['task 12 explain it all', 'task 12'],
    ['task ad general x', null],
    ['sesions', 'sessions'],
    ['pause agnet', 'pause agent'],
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
    const acts = ['sync now', 'sync apply', 'reauth', 'reauth repin', 'pause agent', 'pause agent for 2h', 'resume']
    const acting = [...acts, 'task 1 cancel', 'task 1 retry', 'task 1 done', 'task add', 'task add x y']
    const reading = [
      'tasks',
      'task 1',
      'sessions',
      'pause',
      'quota',
      'status',
      'quota',
      'sync',
      'sync diff',
      'incidents',
      'incident 1',
      'help',
      'nonsense',
    ]
    expect(acting.map((text) => isActing(parseCommand(text).command))).toEqual(acting.map(() => true))
    expect(reading.map((text) => isActing(parseCommand(text).command))).toEqual(reading.map(() => false))
    // Who did what is for operators, although reading it changes nothing.
    const ours = [...acting, 'incident 1 export', 'incident 1 export public']
    expect(ours.map((text) => isForOperators(parseCommand(text).command))).toEqual(ours.map(() => true))
    expect(reading.map((text) => isForOperators(parseCommand(text).command))).toEqual(reading.map(() => false))
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
