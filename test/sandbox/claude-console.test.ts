import Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { FAULT_KINDS } from '../../sandbox/claude/types.ts'
import { runAct } from '../../sandbox/console/acts.ts'
import { createSlackSwitches } from '../../sandbox/console/slack-switches.ts'
import { takeParts } from '../../sandbox/console/snapshot.ts'
import { createTour } from '../../sandbox/console/tour.ts'
import { createWorld } from '../../sandbox/world.ts'
import type { World } from '../../sandbox/world.ts'
import { SETTING } from '../../sandbox/world/setting.ts'
import { opening, requestOf } from './claude-support.ts'

let world: World

beforeAll(async () => {
  world = await createWorld({ thinkMs: 0 })
})
afterAll(() => world.dispose())

const tour = createTour({
  steps: [],
  begin: () => Promise.reject(new Error('no tour')),
  finish: () => undefined,
  changed: () => undefined,
  pace: 0,
})

/** What the page is told of Claude. */
const view = () =>
  takeParts({ world, switches: createSlackSwitches(world.slack), tour: () => tour.view(), commands: [] }, Date.now()).claude

const act = (what: string) => runAct({ world, switches: createSlackSwitches(world.slack), tour }, { act: 'claude', do: what })

test('the console shows what Claude was asked, and what it costs', async () => {
  expect(view()).toMatchObject({ fault: null, replies: 0, requests: [] })
  const client = new Anthropic({ apiKey: SETTING.anthropicKey, baseURL: world.places.claudeUrl, maxRetries: 0 })
  await client.messages.create(requestOf(opening('Any')))
  await act('529')
  await client.messages.create(requestOf(opening('Any'))).catch(() => undefined)
  await act('pause_turn')
  await client.messages.create(requestOf(opening('Any')))
  const { requests, replies, scripts } = view()
  expect(requests.map(({ what, status, error }) => [what, status, error])).toEqual([
    ['note_progress', 200, ''],
    ['/v1/messages', 529, 'overloaded_error'],
    ['pause_turn', 200, ''],
  ])
  expect(requests.map(({ input, output }) => input > 0 && output > 0)).toEqual([true, false, true])
  expect(replies).toBe(2)
  expect(scripts.flatMap(({ words }) => words)).toContain('check the agreements')
})

test('each fault can be turned on and off, and replaces the one before', async () => {
  for (const kind of FAULT_KINDS) {
    expect(await act(kind)).toEqual({ ok: true })
    expect([kind, view().fault, world.claude.snapshot().faults.length]).toEqual([kind, kind, 1])
  }
  await act('clear')
  expect(view().fault).toBeNull()
  expect(await act('sleep')).toMatchObject({ ok: false, status: 400 })
})
