// @ts-check
/** @import { Parts, PartsChange } from '../protocol.ts' */
/** @import { EphemeralMessage, Message } from '../../slack/types.ts' */
/** @import { RenderContext } from './render/types.js' */

/**
 * Something only this page shows, in Slack's name.
 *
 * @typedef {object} Notice
 * @property {string} ts
 * @property {string} user
 * @property {string} text
 * @property {string | null} threadTs
 */

/** What the server has told, and what the person has chosen here. */
export const model = {
  /** @type {Partial<Parts>} */
  parts: {},
  me: '',
  /** @type {string | null} */
  threadTs: null,
  /** @type {'channel' | 'home'} */
  tab: 'channel',
  /** @type {Notice[]} */
  notices: [],
  /** What the person has put away, by its key in the feed: as in Slack, only here. @type {Set<string>} */
  dismissed: new Set(),
}

/** @type {Set<() => void>} */
const listeners = new Set()
let isDue = false

/** Draws everything that has changed, once, a little later. */
export function changed() {
  if (isDue) return
  isDue = true
  queueMicrotask(() => {
    isDue = false
    for (const listener of listeners) listener()
  })
}

/** @param {() => void} listener */
export const onChange = (listener) => void listeners.add(listener)

/** @param {Partial<Parts>} parts */
export function replaceParts(parts) {
  model.parts = parts
  if (model.me === '') model.me = parts.stage?.people[0]?.id ?? ''
  changed()
}

/** @param {PartsChange} change */
export function applyChange({ set, gone }) {
  const parts = { ...model.parts, ...set }
  for (const name of gone) delete parts[/** @type {keyof Parts} */ (name)]
  model.parts = parts
  changed()
}

/**
 * @template T
 * @param {string} prefix
 * @returns {T[]}
 */
const partsOf = (prefix) =>
  Object.entries(model.parts).flatMap(([name, part]) => (name.startsWith(prefix) ? [/** @type {T} */ (part)] : []))

/** @returns {Message[]} Top level and replies. */
export const messages = () => partsOf('message/')

/** @returns {EphemeralMessage[]} What the chosen person alone sees. */
export function ephemerals() {
  /** @type {EphemeralMessage[]} */
  const all = partsOf('ephemeral/')
  return all.filter(({ user }) => user === model.me)
}

/** @returns {RenderContext} */
export function renderContext() {
  const { stage } = model.parts
  const people = (stage?.people ?? []).map(({ id, name }) => [id, name])
  return {
    users: { ...Object.fromEntries(people), ...(stage === undefined ? {} : { [stage.bot.id]: stage.bot.name }), USLACKBOT: 'Slackbot' },
    channels: stage === undefined ? {} : { [stage.channel.id]: stage.channel.name },
    me: model.me,
    now: Date.now(),
    timeZone: stage?.timeZone,
    bot: stage?.bot.id,
    origin: location.origin,
  }
}

/**
 * Says something to the chosen person as Slack does, below what stands there now.
 *
 * @param {string} text
 * @param {string | null} [threadTs]
 */
export function notify(text, threadTs = null) {
  model.notices.push({ ts: (Date.now() / 1000).toFixed(6), user: model.me, text, threadTs })
  changed()
}
