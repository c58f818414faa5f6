// @ts-check
/** @import { Markup } from './html.js' */
/** @import { RenderContext } from './types.js' */
import { html } from './html.js'
import { lookUp } from './json.js'
import { linkView, safeUrl } from './link.js'
import { formatDate } from './slack-date.js'

/** What Slack writes between `<` and `>`: people, channels, dates, links. */

/**
 * @param {string} id
 * @param {RenderContext} context
 * @param {string} [label]
 */
export function userView(id, context, label) {
  const name = lookUp(context.users, id) ?? label ?? id
  return html`<span class="sl-mention${id === context.me ? ' sl-mention-me' : ''}">@${name.replace(/^@/, '')}</span>`
}

/**
 * @param {string} id
 * @param {RenderContext} context
 * @param {string} [label]
 */
export function channelView(id, context, label) {
  return html`<span class="sl-mention">#${lookUp(context.channels, id) ?? label ?? id}</span>`
}

/** @param {string} range */
export const broadcastView = (range) => html`<span class="sl-mention sl-mention-me">@${range}</span>`

/**
 * @param {number} seconds
 * @param {string} format
 * @param {RenderContext} context
 * @param {{ url?: string | undefined, fallback?: string | undefined }} [rest]
 */
export function dateView(seconds, format, context, { url, fallback } = {}) {
  const at = seconds * 1000
  const text = formatDate(at, format, context)
  if (text === undefined) return html`${fallback ?? format}`
  const full = formatDate(at, '{date_long} {time_secs}', context)
  const time = html`<time datetime="${new Date(at).toISOString()}" title="${full}">${text}</time>`
  return url === undefined ? time : linkView(url, time)
}

/** @param {string} text */
export const unescapeEntities = (text) =>
  text.replaceAll(/&(amp|lt|gt);/g, (_all, /** @type {string} */ name) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '')

/**
 * @param {string} command Without its `!`.
 * @param {string | undefined} label
 * @param {RenderContext} context
 */
function commandView(command, label, context) {
  const [name, seconds = '', format = '', url] = command.split('^')
  if (name === 'date' && /^-?\d+$/.test(seconds)) return dateView(Number(seconds), format, context, { url, fallback: label })
  if (name === 'here' || name === 'channel' || name === 'everyone') return broadcastView(name)
  return html`<span class="sl-mention">${label ?? `@${command}`}</span>`
}

/**
 * @param {string} inside What stands between `<` and `>`, with Slack's entities.
 * @param {RenderContext} context
 * @returns {Markup | undefined} Nothing when it is none of Slack's, or a link that must not be followed: it stays as text.
 */
export function referenceView(inside, context) {
  const text = unescapeEntities(inside)
  const bar = text.indexOf('|')
  const target = bar < 0 ? text : text.slice(0, bar)
  const label = bar < 0 || bar === text.length - 1 ? undefined : text.slice(bar + 1)
  if (/^@\w/.test(target)) return userView(target.slice(1), context, label)
  if (/^#\w/.test(target)) return channelView(target.slice(1), context, label)
  if (/^![a-z]/.test(target)) return commandView(target.slice(1), label, context)
  if (safeUrl(target) === undefined) return undefined
  return linkView(target, label ?? target.replace(/^(?:mailto|sms):/, ''))
}
