/** 2026-11-23 20:00 UTC. */
export const NOW = Date.UTC(2026, 10, 23, 20)

export const context = {
  users: { U0MARA: 'mara', U0ME: 'sam', U0BOT: 'jada-bot' },
  channels: { C0OPS: 'jada-ops' },
  me: 'U0ME',
  bot: 'U0BOT',
  now: NOW,
  timeZone: 'America/Los_Angeles',
  origin: 'http://127.0.0.1:1',
}

export const plain = (text: string): object => ({ type: 'plain_text', text })

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", times: '×' }

/** What a person reads, more or less: the words, with one space for whatever is between them. */
export function textOf(markup: string): string {
  return markup
    .replaceAll(/<div class="sl-avatar[^>]*>[^<]*<\/div>|<title>[^<]*<\/title>/g, '')
    .replaceAll(/<\/?(?:strong|em|s|a|code|time|span class="sl-mention[^>]*)(?:\s[^>]*)?>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&([a-z0-9#]+);/g, (all, name: string) => ENTITIES[name] ?? all)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[.,])/g, '')
    .trim()
}

const TAGS = new Set(
  `a article blockquote br button caption circle code details div em fieldset figcaption figure footer form h2 h3 h4 h5 header hr
  img input label legend li line ol optgroup option p path polygon polyline pre rect s section select small span strong summary
  svg table tbody td textarea th thead text time title tr u ul`.split(/\s+/),
)
const VOID = new Set(['br', 'hr', 'img', 'input'])
const NAMES = new Set(
  `alt aria-describedby aria-hidden aria-invalid aria-label autocomplete autofocus checked class cx cy d data-action-id
  data-block-id data-callback-id data-close data-confirm data-dispatch data-input data-kind data-thread-ts data-ts data-type
  data-value data-view-id datetime disabled fill for height href id label loading maxlength minlength name placeholder points r rel
  required role rows rx scope selected src start stroke-dasharray tabindex target text-anchor title transform type value viewBox
  width x x1 x2 y y1 y2`.split(/\s+/),
)
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[A-Za-z][\w-]*(?:="[^"<>]*")?)*)\s*(\/?)>/g
const ATTRIBUTE = /([A-Za-z][\w-]*)(?:="([^"]*)")?/g

/** Quicker than `expect`, which the properties would call a million times. */
function must(isSo: boolean, words: string): asserts isSo {
  if (!isSo) throw new Error(words)
}

const ADDRESSES: Readonly<Record<string, RegExp>> = {
  href: /^(?:https?:\/\/|mailto:|sms:)/,
  src: /^(?:data:image\/|http:\/\/127\.0\.0\.1:1\/)/,
}

function checkAttributes(text: string): void {
  const seen = new Set<string>()
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    must(NAMES.has(name), `an attribute that is not ours: ${name} in ${text}`)
    must(!seen.has(name), `an attribute given twice: ${name} in ${text}`)
    seen.add(name)
    must(ADDRESSES[name]?.test(value) !== false, `an address that must not be: ${value}`)
    must(name !== 'target' || text.includes('rel="noopener noreferrer"'), `a link that tells where it came from: ${text}`)
  }
}

/** Only tags and attributes of ours, well nested, all values quoted, no address that could do anything. */
export function checkMarkup(markup: string): void {
  const open: string[] = []
  const rest = markup.replaceAll(TAG, (all, slash: string, name: string, attributes: string, end: string) => {
    must(TAGS.has(name), `a tag that is not ours: ${all}`)
    if (slash === '/') must(open.pop() === name, `closed, but not open: ${all} in ${markup}`)
    else if (!VOID.has(name) && end === '') open.push(name)
    checkAttributes(attributes)
    return ''
  })
  must(!/[<>]/.test(rest), `markup that is none: ${rest}`)
  must(open.length === 0, `never closed: ${open.join(', ')}`)
}

const text = plain('Words')
const marked = { type: 'mrkdwn', text: '*Words*' }
const button = { type: 'button', action_id: 'b', text, value: 'v' }
const option = { text, value: 'o', description: text }
const rich = {
  type: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: 'Words', style: { bold: true, italic: true, strike: true, underline: true, code: true } },
        { type: 'link', url: 'https://jada.example', text: 'there' },
        { type: 'emoji', name: 'custom', unicode: '1f6a2' },
        { type: 'user', user_id: 'U0ME' },
        { type: 'usergroup', usergroup_id: 'S1' },
        { type: 'channel', channel_id: 'C0OPS' },
        { type: 'team', team_id: 'T1' },
        { type: 'broadcast', range: 'here' },
        { type: 'color', value: '#aabbcc' },
        { type: 'date', timestamp: 1, format: '{date}', url: 'https://jada.example' },
      ],
    },
    {
      type: 'rich_text_list',
      style: 'ordered',
      indent: 1,
      offset: 2,
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
    },
    { type: 'rich_text_quote', border: 1, elements: [{ type: 'text', text: 'x' }] },
    { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'x' }] },
  ],
}
const cells = [[{ type: 'raw_text', text: 'Words' }], [{ type: 'raw_number', value: 1, text: '1' }], [rich]]
const card = {
  type: 'card',
  block_id: 'k',
  hero_image: { image_url: 'https://a.example/x', alt_text: 'x' },
  title: marked,
  subtitle: marked,
  body: marked,
  actions: [button],
}
const task = {
  type: 'task_card',
  task_id: '1',
  title: 'Words',
  status: 'error',
  details: rich,
  output: rich,
  sources: [{ type: 'url', url: 'https://jada.example', text: 'x' }],
}
const points = [
  { label: 'Words', value: 1 },
  { label: 'b', value: 2 },
]

/** One of each kind of block, with every part that it can have. */
const BLOCKS: Readonly<Record<string, object>> = {
  section: {
    text: marked,
    fields: [marked, text],
    accessory: { type: 'overflow', action_id: 'm', options: [option, { ...option, url: 'https://jada.example' }] },
  },
  header: { text },
  context: { elements: [marked, { type: 'image', image_url: 'https://a.example/x', alt_text: 'x' }] },
  divider: { words: 'Words' },
  actions: {
    elements: [
      { ...button, style: 'danger', url: 'https://jada.example', confirm: { title: text, text: marked, style: 'danger' } },
      { type: 'static_select', action_id: 's', placeholder: text, option_groups: [{ label: text, options: [option] }] },
      { type: 'users_select', action_id: 'u' },
      { type: 'datepicker', action_id: 'd', initial_date: '2026-01-01' },
      { type: 'timepicker', action_id: 't', initial_time: '09:30', timezone: 'UTC' },
      { type: 'checkboxes', action_id: 'c', options: [option], initial_options: [option] },
      { type: 'radio_buttons', action_id: 'r', options: [option] },
    ],
  },
  image: { image_url: 'https://a.example/x', alt_text: 'x', title: text },
  input: {
    label: text,
    hint: text,
    optional: true,
    dispatch_action: true,
    element: { type: 'plain_text_input', action_id: 'p', multiline: true, initial_value: 'x', placeholder: text },
  },
  rich_text: rich,
  markdown: { text: '# Words\n\n- a\n  1. b\n\n> q\n\n|a|\n|-|\n|b|\n\n```\nc\n```\n- [x] d\n\n---\n[e](https://jada.example) `f` **g**' },
  table: { rows: cells, column_settings: [{ align: 'center', is_wrapped: true }] },
  data_table: { rows: cells, caption: 'Words', row_header_column_index: 0 },
  data_visualization: {
    title: 'Words',
    chart: {
      type: 'area',
      series: [{ name: 'Words', data: points }],
      axis_config: { categories: ['Words', 'b'], x_label: 'Words', y_label: 'Words' },
    },
  },
  alert: { text: marked, level: 'warning' },
  card,
  carousel: { elements: [card] },
  task_card: task,
  plan: { title: 'Words', tasks: [task] },
  context_actions: {
    elements: [
      { type: 'feedback_buttons', action_id: 'f', positive_button: { text, value: '1' }, negative_button: { text, value: '0' } },
      { type: 'icon_button', action_id: 'i', icon: 'trash', text },
    ],
  },
}

export const blockOf = Object.assign((type: string): object => ({ type, block_id: `id-${type}`, ...BLOCKS[type] }), {
  types: Object.keys(BLOCKS).filter((type) => type !== 'divider'),
  all: Object.keys(BLOCKS),
})
