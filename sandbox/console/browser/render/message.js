// @ts-check
/** @import { Fields, Place, RenderContext } from './types.js' */
import { attachmentView } from './attachment.js'
import { blocksView } from './blocks.js'
import { attributes, html } from './html.js'
import { fieldsOf, listOf, lookUp, numberOf, stringOf, stringOrNone } from './json.js'
import { mrkdwnView } from './mrkdwn.js'
import { formatDate, timeOfTs } from './slack-date.js'

/** Shown to one person only: the sandbox says how it came about, Slack only that it is so. @param {Fields} message */
const isEphemeral = (message) => message['via'] !== undefined || message['is_ephemeral'] === true

/**
 * @param {Fields} message
 * @param {RenderContext} context
 */
function authorOf(message, context) {
  const isBot = message['bot_id'] !== undefined || isEphemeral(message)
  // An ephemeral message's `user` is its reader, unless a bot id says that it is the app.
  const id = isEphemeral(message) && message['bot_id'] === undefined ? context.bot : stringOrNone(message['user'])
  const given = stringOrNone(message['username']) ?? stringOrNone(fieldsOf(message['bot_profile'])['name'])
  const name = given ?? (id === undefined ? undefined : (lookUp(context.users, id) ?? id))
  return { name: name ?? (isBot ? 'App' : 'Somebody'), isBot }
}

/** How many colours of tiles slack.css has. */
const TILES = 6

/** @param {string} name */
function tileView(name) {
  const letters = Array.from(name.trim())
  const sum = letters.reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0)
  return html`<div class="sl-avatar sl-tile-${sum % TILES}" aria-hidden="true">${(letters[0] ?? '?').toUpperCase()}</div>`
}

/**
 * @param {Fields} message
 * @param {RenderContext} context
 */
function timeView({ ts }, context) {
  const at = timeOfTs(ts)
  if (at === undefined) return html``
  const full = formatDate(at, '{date_long}, {time_secs}', context)
  return html`<time class="sl-time" ${attributes({ datetime: new Date(at).toISOString(), title: full })}
    >${formatDate(at, '{time}', context)}</time
  >`
}

/**
 * @param {Fields} message
 * @param {Place} place
 */
function bodyView(message, place) {
  const text = stringOf(message['text'])
  if (message['subtype'] === 'tombstone') return html`<div class="sl-text sl-gone">${text || 'This message was deleted.'}</div>`
  const blocks = listOf(message['blocks'])
  const attachments = listOf(message['attachments']).map((one) => attachmentView(one, place))
  const edited = message['edited'] === undefined ? undefined : html` <span class="sl-edited">(edited)</span>`
  // With blocks the text is only what a notification shows.
  if (blocks.length > 0 || text === '') return html`${blocksView(blocks, place)}${attachments}${edited}`
  return html`<div class="sl-text">${mrkdwnView(text, place.context)}${edited}</div>
    ${attachments}`
}

/** @param {Fields} message */
function threadLink(message) {
  const count = numberOf(message['reply_count']) ?? 0
  if (count <= 0) return undefined
  const target = attributes({ type: 'button', class: 'thread-link', 'data-thread-ts': stringOf(message['ts']) })
  return html`<button ${target}>${count} ${count === 1 ? 'reply' : 'replies'}</button>`
}

/**
 * One row of a channel or thread.
 *
 * @param {Fields} message
 * @param {RenderContext} context
 */
export function messageView(message, context) {
  const kind = isEphemeral(message) ? 'ephemeral' : 'message'
  const ts = stringOf(message['ts'])
  const { name, isBot } = authorOf(message, context)
  const badge = isBot ? html` <span class="sl-badge">APP</span>` : undefined
  const own = attributes({ class: `sl-message sl-message-${kind}`, 'data-ts': ts, 'data-kind': kind })
  const note = kind === 'ephemeral' ? html`<p class="sl-only-you">Only visible to you</p>` : undefined
  const body = bodyView(message, { context, where: { kind, ts } })
  return html`<article ${own}>
    ${tileView(name)}
    <div class="sl-message-main">
      ${note}
      <div class="sl-message-head"><span class="sl-author">${name}</span>${badge} ${timeView(message, context)}</div>
      <div class="sl-body">${body}</div>
      ${threadLink(message)}
    </div>
  </article>`
}
