import { describe, expect, it } from 'vitest'

import { escapeHtml, renderBlocks, renderMessage, renderMrkdwn, renderView } from '../../sandbox/console/browser/render/index.js'
import { blockOf, checkMarkup, context, NOW, plain, textOf } from './console-support.ts'

const seconds = NOW / 1000
const where = { kind: 'message', ts: '1.000001' } as const
const render = (...blocks: object[]): string => renderBlocks(blocks, context, where)
const mrkdwn = (text: string): string => renderMrkdwn(text, context)

describe('mrkdwn', () => {
  it.each([
    ['*What to do:* nothing.', '<strong>What to do:</strong> nothing.'],
    ['(_soft_), ~gone~', '(<em>soft</em>), <s>gone</s>'],
    ['*bold _and soft_*', '<strong>bold <em>and soft</em></strong>'],
    ['2 * 3 * 4 and snake_case_name', '2 * 3 * 4 and snake_case_name'],
    ['`a *b* <c>`', '<code class="sl-code">a *b* &lt;c&gt;</code>'],
    ['a &lt;b&gt; &amp;amp; c', 'a &lt;b&gt; &amp;amp; c'],
    ['one\ntwo', 'one<br>two'],
    ['&gt; said\n> again\nafter', '<blockquote class="sl-quote">said<br>again</blockquote>after'],
    ['&gt;&gt;&gt; all\nof it', '<blockquote class="sl-quote">all<br>of it</blockquote>'],
    ['list\n• one\n• two', 'list<span class="sl-bullet">• one</span><span class="sl-bullet">• two</span>'],
    ['known:\n```\na *b*\n```\nafter', 'known:<pre class="sl-pre" tabindex="0">a *b*</pre>after'],
    ['<@U0MARA|x> <#C0OPS>', '<span class="sl-mention">@mara</span> <span class="sl-mention">#jada-ops</span>'],
    ['<@U0ME>', '<span class="sl-mention sl-mention-me">@sam</span>'],
    ['<!here>', '<span class="sl-mention sl-mention-me">@here</span>'],
    ['<!subteam^S1|@crew>', '<span class="sl-mention">@crew</span>'],
    [':no_such: at 10:30:15', ':no_such: at 10:30:15'],
  ])('%j becomes %j', (text, markup) => {
    expect(mrkdwn(text).replaceAll(/<br ?\/?>/g, '<br>')).toBe(markup)
  })

  const link = (url: string, label: string): string =>
    `<a class="sl-link" href="${url}" target="_blank" rel="noopener noreferrer">${label}</a>`

  it.each([
    ['<https://jada.example/a?b=1&amp;c=2|the *page*>', link('https://jada.example/a?b=1&amp;c=2', 'the *page*')],
    ['*<https://jada.example|bold>*', `<strong>${link('https://jada.example/', 'bold')}</strong>`],
    ['<mailto:a@b.example>', link('mailto:a@b.example', 'a@b.example')],
    ['<sms:123|text>', link('sms:123', 'text')],
    ['see https://jada.example/x.', `see ${link('https://jada.example/x', 'https://jada.example/x')}.`],
    ['<javascript:alert(1)|click>', '&lt;javascript:alert(1)|click&gt;'],
    ['<java\tscript:alert(1)|click>', '&lt;java\tscript:alert(1)|click&gt;'],
    ['<data:text/html,x>', '&lt;data:text/html,x&gt;'],
    ['<slack://open|x>', '&lt;slack://open|x&gt;'],
  ])('only harmless addresses become links: %j', (text, markup) => {
    expect(mrkdwn(text)).toBe(markup)
  })

  it('shows moments in the reader’s zone, and the fallback of what it cannot show', () => {
    const date = (at: number | string, format: string): string => textOf(mrkdwn(`<!date^${at}^${format}|then>`))
    expect(date(seconds, '{date_short_pretty} {time}')).toBe('today 12:00')
    expect(date(seconds - 86_400, '{date_pretty}')).toBe('yesterday')
    expect(date(seconds - 10 * 86_400, '{date_short_pretty}')).toBe('Nov 13, 2026')
    expect(date(seconds, '{date_num} {time_secs}')).toBe('2026-11-23 12:00:00')
    expect(date(seconds - 7200, '{ago}')).toBe('2 hours ago')
    expect(date(seconds, '{moon_phase}')).toBe('then')
    expect(date('9'.repeat(30), '{date}')).toBe('then')
    expect(mrkdwn(`<!date^${seconds}^{time}^https://jada.example|x>`)).toContain('href="https://jada.example/"')
  })

  it('knows a few emoji and gives them names', () => {
    expect(mrkdwn(':white_check_mark:')).toContain('aria-label="white check mark"')
  })
})

describe('a message', () => {
  const post = { type: 'message', ts: `${seconds}.000100`, user: 'U0BOT', bot_id: 'B0', text: 'A *card*' }

  it('has its author, time, badge and words', () => {
    const markup = renderMessage(post, context)
    checkMarkup(markup)
    expect(markup).toMatch(/^<article\s[^>]*data-ts="1795464000.000100" data-kind="message"/)
    expect(textOf(markup)).toMatch(/jada-bot APP 12:00 A card$/)
    expect(textOf(renderMessage({ ...post, user: 'U0MARA', bot_id: undefined }, context))).not.toContain('APP')
  })

  it('shows blocks instead of its text, and the text above attachments', () => {
    const section = { type: 'section', text: { type: 'mrkdwn', text: 'inside' } }
    expect(textOf(renderMessage({ ...post, blocks: [section] }, context))).toMatch(/12:00 inside$/)
    const attached = renderMessage({ ...post, attachments: [{ color: '#c62828', blocks: [section] }] }, context)
    expect(attached).toContain('fill="#c62828"')
    expect(textOf(attached)).toMatch(/A card inside$/)
  })

  it('says that it was edited, how many replied and where to read them', () => {
    const markup = renderMessage({ ...post, edited: { user: 'U0BOT', ts: '1' }, reply_count: 3 }, context)
    expect(textOf(markup)).toMatch(/\(edited\) 3 replies$/)
    expect(markup).toContain('data-thread-ts="1795464000.000100"')
    expect(textOf(renderMessage({ ...post, reply_count: 1 }, context))).toMatch(/1 reply$/)
  })

  it('is the bot’s when only its reader is named, and says so when only they see it', () => {
    const markup = renderMessage({ ts: post.ts, user: 'U0ME', via: 'ack', text: 'for you' }, context)
    expect(markup).toContain('data-kind="ephemeral"')
    expect(textOf(markup)).toMatch(/Only visible to you jada-bot APP 12:00 for you$/)
  })
})

describe('elements', () => {
  const confirm = { title: plain('Sure?'), text: plain('It "ends" <here>.') }

  it('carry what the app needs to report a click', () => {
    const button = { type: 'button', action_id: 'ack', text: plain('Acknowledge'), value: '7:1', style: 'primary', confirm }
    const markup = render({ type: 'actions', block_id: 'b1', elements: [button] })
    checkMarkup(markup)
    expect(markup).toContain('data-action-id="ack" data-block-id="b1" data-value="7:1"')
    expect(markup).toContain('data-kind="message" data-ts="1.000001"')
    expect(markup).toContain('sl-button-primary')
    const [, held = ''] = /data-confirm="([^"]*)"/.exec(markup) ?? []
    expect(JSON.parse(textOf(held))).toEqual(confirm)
  })

  it('a link button leads there and is still reported; one that leads nowhere good is only a button', () => {
    const button = { type: 'button', action_id: 'go', text: plain('Open'), url: 'https://jada.example/x' }
    const element = (change: object): string => render({ type: 'actions', block_id: 'b', elements: [{ ...button, ...change }] })
    expect(element({})).toMatch(/<a[^>]*href="https:\/\/jada.example\/x"[^>]*data-action-id="go"/)
    expect(element({ url: 'javascript:alert(1)' })).toMatch(/<button[^>]*data-action-id="go"/)
    expect(element({ url: 'javascript:alert(1)' })).not.toContain('href')
  })

  it('an overflow item has the menu’s action and its own value', () => {
    const options = [
      { text: plain('Later'), value: 'l' },
      { text: plain('Runbook'), value: 'r', url: 'https://jada.example' },
    ]
    const markup = render({ type: 'section', block_id: 'b', text: plain('x'), accessory: { type: 'overflow', action_id: 'more', options } })
    checkMarkup(markup)
    expect(markup).toMatch(/<button[^>]*data-action-id="more" data-block-id="b" data-value="l"/)
    expect(markup).toMatch(/<a[^>]*data-value="r"/)
  })

  it.each([
    [
      'static_select',
      { options: [{ text: plain('One'), value: '1' }], initial_option: { text: plain('One'), value: '1' } },
      /selected[^>]*>One/,
    ],
    ['users_select', { initial_user: 'U0MARA' }, /value="U0MARA" selected/],
    ['datepicker', { initial_date: '2026-03-02' }, /type="date" value="2026-03-02"/],
    ['timepicker', { initial_time: '09:30' }, /type="time" value="09:30"/],
    [
      'checkboxes',
      { options: [{ text: plain('A'), value: 'a' }], initial_options: [{ text: plain('A'), value: 'a' }] },
      /type="checkbox"[^>]*checked/,
    ],
    ['radio_buttons', { options: [{ text: plain('A'), value: 'a' }] }, /type="radio"/],
  ])('%s', (type, more, expected) => {
    const markup = render({ type: 'actions', block_id: 'b', elements: [{ type, action_id: 'x', ...more }] })
    checkMarkup(markup)
    expect(markup).toMatch(expected)
    expect(markup).toContain(`data-type="${type}"`)
  })

  it('images come from the message or from our own server, never from elsewhere', () => {
    const image = (image_url: string): string => render({ type: 'image', image_url, alt_text: 'a boat' })
    expect(image('data:image/png;base64,AAAA')).toMatch(/<img[^>]*src="data:image\/png;base64,AAAA"/)
    expect(image('http://127.0.0.1:1/boat.png')).toMatch(/<img[^>]*src="http:\/\/127.0.0.1:1\/boat.png"/)
    expect(image('https://pics.example/boat.png')).not.toContain('<img')
    expect(textOf(image('https://pics.example/boat.png'))).toBe('Image, not loaded here: a boat (pics.example)')
    expect(image('data:text/html,<b>')).not.toContain('<img')
  })
})

describe('blocks', () => {
  it('of every kind are drawn', () => {
    for (const type of blockOf.types) {
      const markup = render(blockOf(type))
      checkMarkup(markup)
      expect(markup, type).not.toContain('sl-unknown')
      expect(textOf(markup), type).toContain('Words')
    }
  })

  it('of an unknown kind are shown as they were sent', () => {
    const markup = render({ type: '<video>', url: '<b>' })
    expect(textOf(markup)).toContain('Unknown block type "<video>": shown as it was sent')
    expect(textOf(markup)).toContain('"url": "<b>"')
    expect(textOf(render({ type: 'actions', elements: [{ type: 'workflow' }] }))).toContain('Unknown element type "workflow"')
  })

  it('of Markdown keep to the safe subset', () => {
    const markup = render({
      type: 'markdown',
      text: '# T\n**b** [l](https://jada.example) [x](javascript:1) <b>\n\n- a\n  - b\n\n|c|d|\n|-|-:|\n|1|2|',
    })
    checkMarkup(markup)
    expect(markup).toContain('<strong>b</strong>')
    expect(textOf(markup)).toContain('[x](javascript:1) <b>')
    expect(markup).toMatch(/<li>a<ul[^>]*>\s*<li>b<\/li>\s*<\/ul><\/li>/)
    expect(markup).toMatch(/<td class="sl-right">2<\/td>/)
  })

  it.each(['line', 'bar', 'area'])('a %s chart has axes, legend, and the same in words and figures', (type) => {
    const data = [
      { label: 'Jan', value: 3 },
      { label: 'Feb', value: -7 },
    ]
    const axis_config = { categories: ['Jan', 'Feb', 'Mar'], x_label: 'Month', y_label: 'Trips' }
    const markup = render({
      type: 'data_visualization',
      block_id: 'c',
      title: 'Trips',
      chart: { type, series: [{ name: 'Paid', data }], axis_config },
    })
    checkMarkup(markup)
    expect(markup).toContain(`aria-label="Trips: ${type} chart, Jan to Mar. Paid: from -7 to 3, last -7"`)
    expect(textOf(markup)).toMatch(/Month Paid Jan 3 Feb -7 Mar none$/)
    for (const words of ['Month', 'Trips', 'Paid', 'In figures']) expect(textOf(markup)).toContain(words)
    expect(markup).not.toMatch(/NaN|Infinity/)
  })

  it('a pie gives each part its share', () => {
    const segments = [
      { label: 'Direct', value: 3 },
      { label: 'Sailo', value: 1 },
    ]
    const markup = render({ type: 'data_visualization', block_id: 'c', title: 'Where from', chart: { type: 'pie', segments } })
    checkMarkup(markup)
    expect(textOf(markup)).toMatch(/Direct 3 \(75 %\) Sailo 1 \(25 %\)/)
  })
})

describe('a view', () => {
  const input = (block_id: string, element: object, more = {}): object => ({
    type: 'input',
    block_id,
    label: plain('Address'),
    element,
    ...more,
  })
  const modal = {
    id: 'V1',
    type: 'modal',
    callback_id: 'paste',
    title: plain('Finish'),
    submit: plain('Check'),
    blocks: [input('a', { type: 'plain_text_input', action_id: 'x', max_length: 30 }, { hint: plain('begins with http') })],
  }

  it('is a form whose fields can be found', () => {
    const markup = renderView(modal, context)
    checkMarkup(markup)
    expect(markup).toMatch(/^<form[^>]*data-view-id="V1"/)
    const [, id] = /<input[^>]*\sid="([^"]*)"/.exec(markup) ?? []
    expect(markup).toContain(`<label for="${id}">`)
    expect(markup).toMatch(/<input[^>]*data-action-id="x" data-block-id="a"[^>]*data-input/)
    expect(textOf(markup)).toMatch(/Finish × Address begins with http Close Check$/)
  })

  it('shows errors at their inputs, those without one on top, and keeps what was typed', () => {
    const state = { values: { a: { x: { type: 'plain_text_input', value: 'typed' } } } }
    const errors = { a: 'It has no code', gone: 'Lost' }
    for (const markup of [renderView({ ...modal, state, errors }, context), renderView({ ...modal, state }, context, { errors })]) {
      checkMarkup(markup)
      const [, described = ''] = /aria-describedby="([^"]*)"/.exec(markup) ?? []
      for (const id of described.split(' ')) expect(markup).toContain(` id="${id}"`)
      expect(markup).toContain('aria-invalid="true"')
      expect(markup).toContain('value="typed"')
      expect(textOf(markup)).toMatch(/Lost \(block gone\) Address It has no code begins with http/)
    }
  })

  it('keeps the first line of a text, even an empty one', () => {
    const element = { type: 'plain_text_input', action_id: 'x', multiline: true, initial_value: '\nsecond' }
    expect(renderView({ ...modal, blocks: [input('a', element)] }, context)).toContain('>\n\nsecond</textarea>')
  })

  it('of the home tab is a section', () => {
    const markup = renderView({ id: 'V2', type: 'home', blocks: [{ type: 'header', text: plain('Port sheet') }] }, context)
    checkMarkup(markup)
    expect(markup).toMatch(/^<section[^>]*data-view-id="V2" data-kind="home"/)
    expect(textOf(markup)).toBe('Home Port sheet')
  })
})

it('escapes every character that could end a text or an attribute', () => {
  expect(escapeHtml('<a href="x" title=\'y\'>&')).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;')
})
