// @ts-check
/** @import { EphemeralMessage, Message } from '../../slack/types.ts' */
/** @import { Notice } from './model.js' */
import { make } from './dom.js'
import { keepFocus } from './keep-focus.js'
import { model, renderContext } from './model.js'
import { renderMessage } from './render/index.js'

/** @typedef {{ key: string, ts: string, kind: 'message' | 'ephemeral', source: Message | EphemeralMessage }} Item */
/** @typedef {{ key: string, ts: string, kind: 'notice', source: Notice }} NoticeItem */

/** @param {Message} message @returns {Item} */
export const ofMessage = (message) => ({ key: `message/${message.ts}`, ts: message.ts, kind: 'message', source: message })
/** @param {EphemeralMessage} message @returns {Item} */
export const ofEphemeral = (message) => ({ key: `ephemeral/${message.ts}`, ts: message.ts, kind: 'ephemeral', source: message })
/** @param {Notice} notice @returns {NoticeItem} */
export const ofNotice = (notice) => ({ key: `notice/${notice.ts}`, ts: notice.ts, kind: 'notice', source: notice })

/** @param {Notice} notice */
function noticeView({ text }) {
  return make(
    'article',
    { class: 'notice', 'data-kind': 'notice' },
    make('p', { class: 'notice-who' }, make('strong', {}, 'Slackbot'), ' Only visible to you'),
    make('p', {}, text),
  )
}

/**
 * What can be done with a message besides its own buttons.
 *
 * @param {Item | NoticeItem} item
 * @param {boolean} isThread
 */
function toolsOf({ key, ts, kind, source }, isThread) {
  if (kind !== 'message')
    return [make('div', { class: 'tools' }, make('button', { type: 'button', 'data-tool': 'dismiss', 'data-key': key }, 'Dismiss'))]
  if ('subtype' in source && source.subtype === 'tombstone') return []
  const reply = make('button', { type: 'button', 'data-tool': 'thread', 'data-ts': ts }, 'Reply in thread')
  const name = 'More actions'
  const menu = { 'aria-label': name, title: name, 'aria-haspopup': 'menu', 'aria-expanded': 'false' }
  const more = make('button', { type: 'button', 'data-tool': 'more', 'data-ts': ts, ...menu }, '\u22ee')
  return [make('div', { class: 'tools' }, ...(isThread ? [] : [reply]), more)]
}

/**
 * @param {HTMLElement} entry
 * @param {Item | NoticeItem} item
 * @param {boolean} isThread
 */
function fill(entry, item, isThread) {
  const isLost = keepFocus(entry, () => {
    if (item.kind === 'notice') entry.replaceChildren(noticeView(item.source))
    else entry.innerHTML = renderMessage(item.source, renderContext())
    entry.append(...toolsOf(item, isThread))
  })
  if (isLost) entry.closest('ol')?.focus()
}

/**
 * Keeps a list of messages as the items say: new ones come, edited ones change in place, deleted ones go.
 *
 * @param {HTMLElement} list
 * @param {{ isThread: boolean }} options
 */
export function createFeed(list, { isThread }) {
  /** @type {Map<string, { entry: HTMLElement, source: unknown }>} */
  const shown = new Map()
  let reader = ''
  // Whoever reads at the end stays there, whatever comes and however wide the list is; whoever has scrolled up is left alone.
  let isAtEnd = true
  const follow = () => {
    if (isAtEnd) list.scrollTop = list.scrollHeight
  }
  list.addEventListener('scroll', () => (isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80))
  new ResizeObserver(follow).observe(list)
  /** @param {(Item | NoticeItem)[]} items */
  return (items) => {
    const isOther = reader !== model.me
    reader = model.me
    const keys = new Set(items.map(({ key }) => key))
    for (const [key, { entry }] of shown) {
      if (keys.has(key)) continue
      entry.remove()
      shown.delete(key)
    }
    for (const [index, item] of items.entries()) {
      const known = shown.get(item.key)
      const entry = known?.entry ?? make('li', { 'data-key': item.key })
      if (known === undefined || known.source !== item.source || isOther) fill(entry, item, isThread)
      shown.set(item.key, { entry, source: item.source })
      if (list.children[index] !== entry) list.insertBefore(entry, list.children[index] ?? null)
    }
    follow()
  }
}
