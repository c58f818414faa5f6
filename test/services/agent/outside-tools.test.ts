import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Decision } from '../../../src/services/agent/request.ts'
import { cancelTask, decide, hear, stopSession } from '../../../src/services/agent/people.ts'
import { taskView } from '../../../src/bot/views/task.ts'
import { readTaskStory } from '../../../src/services/status/read-tasks.ts'
import type { OutsideResult, Tool } from '../../../src/services/agent/tools/tool.ts'
import { MARA, openDesk, START, type Desk } from '../../support/agent-desk.ts'

const MINUTE = 60_000
const input = z.strictObject({ to: z.string(), text: z.string() })
type Mail = z.output<typeof input>

const SENT: OutsideResult = { kind: 'data', source: 'mail server', data: 'sent' }
const MAIL: Mail = { to: 'client', text: 'Please sign <!channel>.' }

interface Post {
  readonly tool: Tool
  /** The keys of all attempts. */
  readonly sent: string[]
}

/** A tool that acts outside. `act` decides what an attempt brings. */
function post(options: { repeatable: boolean; reach?: 'read' | 'write'; act?: (attempt: number) => Promise<OutsideResult> }): Post {
  const sent: string[] = []
  const tool: Tool<Mail> = {
    name: 'send_email',
    description: 'Sends an e-mail to the client of the task.',
    input,
    reach: () => options.reach ?? 'write',
    describe: ({ to, text }) => ({
      title: 'Send an e-mail',
      fields: [
        { label: 'To', value: to },
        { label: 'Text', value: text },
      ],
    }),
    outside: {
      repeatable: options.repeatable,
      act: (context) => {
        sent.push(context.key)
        return options.act?.(sent.length) ?? Promise.resolve(SENT)
      },
    },
  }
  return { tool: tool as Tool, sent }
}

/** A session that sends one e-mail, reads what came of it, and ends. */
async function begin({ tool }: Post): Promise<Desk> {
  const desk = await openDesk({ moreTools: [tool] })
  desk.claude.answerWith(({ turns }) => {
    const replies = turns.filter(({ role }) => role === 'assistant').length
    const name = replies === 1 ? 'send_email' : 'finish'
    return {
      content: [{ type: 'tool_use', name, input: name === 'finish' ? { outcome: 'done', summary: 'Written.' } : MAIL }],
      stop_reason: 'tool_use',
    }
  })
  await desk.add('Chase the agreement')
  await desk.work()
  return desk
}

async function answer(desk: Desk, what: 'approve' | 'reject' | 'happened' | 'not-happened'): Promise<void> {
  const [request] = await desk.requests()
  const decision: Decision = { do: what, by: MARA }
  expect(await desk.in((ports) => decide(ports, request?.id ?? 0, decision, desk.clock.now()))).toMatchObject({ kind: 'done' })
  await desk.work()
}

const callOf = async (desk: Desk) => (await desk.in(({ sessions }) => sessions.calls(1))).find(({ name }) => name === 'send_email')

/** What a process leaves that dies between the effect and its record: another one owns the session then. */
const dieHere = (desk: () => Desk): void => desk().store.raw.exec('update session set epoch = epoch + 1, lease_until = null')

describe('a tool that writes outside', () => {
  it('acts only after a yes, once, with a key of its own', async () => {
    const mail = post({ repeatable: false })
    const desk = await begin(mail)
    expect(mail.sent).toEqual([])
    const [request] = await desk.requests()
    expect(request?.what).toEqual({
      type: 'approval',
      tool: 'send_email',
      title: 'Send an e-mail',
      fields: [
        { label: 'To', value: 'client' },
        { label: 'Text', value: 'Please sign <!channel>.' },
      ],
    })
    await answer(desk, 'approve')
    const call = await callOf(desk)
    expect(mail.sent).toEqual([`1:${call?.toolUseId}`])
    expect(call).toMatchObject({ state: 'done', isError: false, result: JSON.stringify({ source: 'mail server', data: 'sent' }) })
    expect(await desk.session()).toMatchObject({ status: 'finished' })
  })

  it('does nothing after a no, or when nobody answers in a day', async () => {
    const mail = post({ repeatable: true })
    await answer(await begin(mail), 'reject')
    const desk = await begin(mail)
    await desk.pass(24 * 60 * MINUTE)
    await desk.work()
    expect(mail.sent).toEqual([])
    expect(await callOf(desk)).toMatchObject({ state: 'done', isError: true, result: expect.stringContaining('Nobody answered') })
  })

  it('needs no yes when it only reads', async () => {
    const mail = post({ repeatable: true, reach: 'read' })
    const desk = await begin(mail)
    expect(mail.sent).toHaveLength(1)
    expect(await desk.session()).toMatchObject({ status: 'finished' })
  })

  it('tells the model of an error of its own', async () => {
    const desk = await begin(post({ repeatable: true, act: () => Promise.resolve({ kind: 'error', message: 'There is no such client.' }) }))
    await answer(desk, 'approve')
    expect(await callOf(desk)).toMatchObject({ state: 'done', isError: true, result: 'There is no such client.' })
  })
})

describe('a call that was interrupted', () => {
  it.each([
    ['happened', { isError: false, result: expect.stringContaining('it took effect') }],
    ['not-happened', { isError: true, result: expect.stringContaining('it took no effect') }],
  ] as const)('and cannot be repeated is settled by a person: %s', async (what, result) => {
    let desk: Desk | undefined
    const mail = post({
      repeatable: false,
      act: () => {
        dieHere(() => desk as Desk)
        return Promise.resolve(SENT)
      },
    })
    desk = await begin(mail)
    await answer(desk, 'approve')
    expect(await callOf(desk)).toMatchObject({ state: 'intent' })
    await desk.pass(5 * MINUTE)
    expect(await callOf(desk)).toMatchObject({ state: 'unknown' })
    const [request] = await desk.requests()
    expect(request).toMatchObject({ what: { type: 'settle', tool: 'send_email', title: 'Send an e-mail' }, expiresAt: null })
    expect(await desk.session()).toMatchObject({ status: 'waiting', wait: { for: 'request', until: null } })
    await desk.pass(48 * 60 * MINUTE)
    expect(await desk.requests()).toHaveLength(1)
    await answer(desk, what)
    expect(await callOf(desk)).toMatchObject({ state: 'done', ...result })
    expect(mail.sent).toHaveLength(1)
    expect(await desk.session()).toMatchObject({ status: 'finished' })
  })

  it('and can be repeated is made again with the same key, and asks nobody', async () => {
    let desk: Desk | undefined
    const mail = post({
      repeatable: true,
      act: (attempt) => {
        if (attempt === 1) dieHere(() => desk as Desk)
        return Promise.resolve(SENT)
      },
    })
    desk = await begin(mail)
    await answer(desk, 'approve')
    await desk.pass(5 * MINUTE)
    expect(mail.sent).toHaveLength(2)
    expect(new Set(mail.sent).size).toBe(1)
    expect(await desk.requests()).toEqual([])
    expect(await desk.session()).toMatchObject({ status: 'finished' })
  })

  it('by its own failure is never taken for one that did nothing, even when it can be repeated', async () => {
    const mail = post({ repeatable: true, act: () => Promise.reject(new Error('secret words of the other side')) })
    const desk = await begin(mail)
    await answer(desk, 'approve')
    expect(await callOf(desk)).toMatchObject({ state: 'unknown' })
    expect((await desk.requests())[0]?.what).toMatchObject({ type: 'settle', where: 'the system that this tool works on' })
    expect(desk.log.lines.join('\n')).not.toContain('secret words')
    expect(mail.sent).toHaveLength(1)
  })

  it('that says itself that it is unclear names where to look', async () => {
    const desk = await begin(post({ repeatable: false, act: () => Promise.resolve({ kind: 'unclear', where: 'the folder of sent mail' }) }))
    await answer(desk, 'approve')
    expect((await desk.requests())[0]?.what).toMatchObject({ type: 'settle', where: 'the folder of sent mail' })
  })

  it('whose session was stopped meanwhile is not recorded as done, and no turn follows', async () => {
    let desk: Desk | undefined
    const mail = post({
      repeatable: false,
      act: async () => {
        await desk?.in((ports) => stopSession(ports, 1, MARA, START))
        return SENT
      },
    })
    desk = await begin(mail)
    const asked = desk.claude.requests.length
    await answer(desk, 'approve')
    await desk.pass(10 * MINUTE)
    expect(await desk.session()).toMatchObject({ status: 'cancelled' })
    expect(await callOf(desk)).toMatchObject({ state: 'intent' })
    expect(desk.claude.requests).toHaveLength(asked)
    expect(mail.sent).toHaveLength(1)
    const told = { type: 'maybe-done', title: 'Send an e-mail', where: 'the system that this tool works on' }
    expect((await desk.notes(1)).slice(-2)).toEqual([{ type: 'cancelled', by: MARA }, told])
    const replies = desk.store.raw.prepare("select dispatch from outbox where dispatch like '%maybe-done%'").all()
    expect(replies).toHaveLength(1)
  })

  it.each([
    ['stopped', (desk: Desk) => desk.in((ports) => stopSession(ports, 1, MARA, START))],
    ['cancelled', (desk: Desk) => desk.in((ports) => cancelTask(ports, 1, MARA, START))],
  ] as const)('and is open when its session is %s is told once, with where to look, also in a muted thread', async (_what, end) => {
    const desk = await begin(post({ repeatable: false, act: () => Promise.resolve({ kind: 'unclear', where: 'the folder of sent mail' }) }))
    await desk.in((ports) => hear(ports, 1, { by: MARA, text: 'mute' }, START))
    await answer(desk, 'approve')
    await end(desk)
    await end(desk)
    await desk.pass(10 * MINUTE)
    const told = { type: 'maybe-done', title: 'Send an e-mail', where: 'the folder of sent mail' }
    expect((await desk.notes(1)).filter(({ type }) => type === 'maybe-done')).toEqual([told])
    expect(desk.store.raw.prepare("select dispatch from outbox where dispatch like '%maybe-done%'").all()).toHaveLength(1)
    const story = await readTaskStory(desk.store.uow, 1, START)
    expect(JSON.stringify(story === null ? null : taskView(story, true))).toContain(
      'It may have happened; look in the folder of sent mail.',
    )
  })

  it.each([
    ['was settled', (desk: Desk) => answer(desk, 'not-happened')],
    ['was refused', (desk: Desk) => desk.in((ports) => stopSession(ports, 1, MARA, START))],
  ] as const)('and %s leaves nothing to look for', async (what, then) => {
    const desk = await begin(post({ repeatable: false, act: () => Promise.resolve({ kind: 'unclear', where: 'the folder of sent mail' }) }))
    await answer(desk, what === 'was settled' ? 'approve' : 'reject')
    await then(desk)
    expect((await desk.notes(1)).filter(({ type }) => type === 'maybe-done')).toEqual([])
  })
})
