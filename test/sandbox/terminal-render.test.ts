import { describe, expect, it } from 'vitest'

import type { Message, SlackChange } from '../../sandbox/slack/slack.ts'
import { createFeed } from '../../sandbox/terminal/feed.ts'
import { colourOf, createLook, visibleLength, wantsColour, wrap } from '../../sandbox/terminal/look.ts'
import { renderMrkdwn } from '../../sandbox/terminal/mrkdwn.ts'
import type { TextContext } from '../../sandbox/terminal/mrkdwn.ts'

const now = Date.UTC(2026, 10, 23, 20)
const plain: TextContext = {
  look: createLook({ hasColour: false }),
  now,
  timeZone: 'America/Los_Angeles',
  names: { user: (id) => ({ U0MARA: 'mara', U0BOT: 'jada-bot' })[id] ?? id, channel: (id) => (id === 'C0OPS' ? 'jada-ops' : id) },
}
const coloured: TextContext = { ...plain, look: createLook({ hasColour: true }) }
const seconds = now / 1000

describe('mrkdwn', () => {
  it.each([
    ['*What to do:* nothing.', 'What to do: nothing.'],
    ['2 * 3 * 4 and snake_case_name', '2 * 3 * 4 and snake_case_name'],
    ['_soft_ and ~gone~', 'soft and gone'],
    ['<https://jada.example|the page>', 'the page (https://jada.example)'],
    ['<https://jada.example>', 'https://jada.example'],
    ['by <@U0MARA> in <#C0OPS>', 'by @mara in #jada-ops'],
    ['<!here>', '@here'],
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['type `/jada status`', 'type `/jada status`'],
    ['known:\n```a *b*\nc```\n• one', 'known:\n  a *b*\n  c\n• one'],
  ])('%j reads %j', (text, read) => {
    expect(renderMrkdwn(text, plain)).toBe(read)
  })

  it('shows moments in local time, and the fallback of a format it does not know', () => {
    const date = (at: number, format: string) => renderMrkdwn(`<!date^${at}^${format}|then>`, plain)
    expect(date(seconds, '{date_short_pretty} {time}')).toBe('today 12:00')
    expect(date(seconds - 86_400, '{date_short_pretty} {time}')).toBe('yesterday 12:00')
    expect(date(seconds - 10 * 86_400, '{date_short_pretty}')).toBe('Nov 13, 2026')
    expect(date(seconds, '{date_num} {time_secs}')).toBe('2026-11-23 12:00:00')
    expect(date(seconds, '{moon_phase}')).toBe('then')
  })

  it('marks bold words and code where colours are wanted', () => {
    expect(renderMrkdwn('*two words* `x`', coloured)).toBe('\u001B[1mtwo\u001B[22m \u001B[1mwords\u001B[22m \u001B[36mx\u001B[39m')
  })
})

describe('the look', () => {
  it('breaks at spaces, keeps indentation, and never breaks a link', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrap('  • one two three', 10, '    ')).toEqual(['  • one', '    two', '    three'])
    expect(wrap('at http://127.0.0.1/very/long', 8)).toEqual(['at', 'http://127.0.0.1/very/long'])
    expect(visibleLength(coloured.look.bold('four'))).toBe(4)
  })

  it('knows the colours of attachments', () => {
    const colours = ['#c62828', '#e09f1f', '#8a8d91', '#2e7d4f', '#31699c', 'good', undefined].map(colourOf)
    expect(colours).toEqual(['red', 'amber', 'grey', 'green', 'blue', 'green', 'grey'])
  })

  it('uses no colour in a pipe, nor where it is declined', () => {
    expect(wantsColour(true, {})).toBe(true)
    expect(wantsColour(false, {})).toBe(false)
    expect(wantsColour(true, { NO_COLOR: '1' })).toBe(false)
    expect(wantsColour(true, { NO_COLOR: '' })).toBe(true)
    expect(wantsColour(true, { TERM: 'dumb' })).toBe(false)
  })
})

function card(text: string, color: string, said: string): Message {
  const fields = [
    { type: 'mrkdwn', text: '*Since*\n12:00' },
    { type: 'mrkdwn', text: '*Next try*\nsoon\nor later' },
  ]
  const elements = [
    { type: 'button', action_id: 'reauthorize', text: { type: 'plain_text', text: 'Re-authorize' }, url: 'http://127.0.0.1/start' },
    { type: 'button', action_id: 'incident_ack', text: { type: 'plain_text', text: 'Acknowledge' } },
  ]
  const blocks = [
    { type: 'section', text: { type: 'mrkdwn', text: said } },
    { type: 'section', fields },
    { type: 'actions', elements },
  ]
  return {
    type: 'message',
    ts: `${seconds}.000100`,
    channel: 'C0OPS',
    user: 'U0BOT',
    bot_id: 'B0BOT',
    text,
    attachments: [{ color, blocks }],
  }
}

const change = (type: 'message' | 'edited', message: Message): SlackChange => ({ type, channel: message.channel, ts: message.ts, message })

describe('the channel', () => {
  const create = () => createFeed({ channel: 'C0OPS', bot: 'U0BOT', context: () => plain })

  it('shows a card with its colour, fields, buttons and links', () => {
    expect(create()(change('message', card('CRITICAL: it stands still', '#c62828', 'Since 5 s ago.')))).toEqual([
      '',
      '12:00:00 jada-bot posts a card, red',
      '  │ CRITICAL: it stands still',
      '  │ Since 5 s ago.',
      '  │ Since     12:00',
      '  │ Next try  soon',
      '  │           or later',
      '  │ [Re-authorize] http://127.0.0.1/start',
      '  │ [Acknowledge]',
    ])
  })

  it('shows of an edit what is new, and all of it under another headline', () => {
    const feed = create()
    feed(change('message', card('CRITICAL: it stands still', '#c62828', 'Since 5 s ago.')))
    expect(feed(change('edited', card('CRITICAL: it stands still', '#e09f1f', 'Since 9 s ago.\nSeen by <@U0MARA>.')))).toEqual([
      '',
      '12:00:00 jada-bot edits the card, amber; new in it',
      '  │ CRITICAL: it stands still',
      '  │ Seen by @mara.',
    ])
    expect(feed(change('edited', card('CRITICAL: it stands still', '#e09f1f', 'Since 12 s ago.\nSeen by <@U0MARA>.')))).toEqual([])
    const resolved = feed(change('edited', card('RESOLVED: it runs', '#2e7d4f', 'After 12 s.')))
    expect(resolved.slice(1, 4)).toEqual(['12:00:00 jada-bot edits the card, green', '  │ RESOLVED: it runs', '  │ After 12 s.'])
  })

  it('puts replies under "in the thread", and says who sees an ephemeral answer', () => {
    const feed = create()
    const reply = {
      type: 'message',
      ts: `${seconds + 1}.0`,
      thread_ts: `${seconds}.0`,
      channel: 'C0OPS',
      user: 'U0MARA',
      text: 'why?',
    } as const
    expect(feed(change('message', reply))).toEqual(['', '      12:00:01 @mara in the thread', '        why?'])
    const message = { ts: `${seconds}.0`, channel: 'C0OPS', user: 'U0MARA', text: 'All is *well*.', via: 'response_url' } as const
    expect(feed({ type: 'ephemeral', channel: 'C0OPS', user: 'U0MARA', ts: message.ts, message, change: 'posted' })).toEqual([
      '',
      '12:00:00 jada-bot answers, for @mara only',
      '  All is well.',
    ])
  })

  it('leaves other channels out', () => {
    expect(create()(change('message', { ...card('x', 'good', 'y'), channel: 'C0OTHER' }))).toEqual([])
  })
})
