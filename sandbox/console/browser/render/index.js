// @ts-check
/** @import { Fields, RenderContext, Where } from './types.js' */
import { blocksView } from './blocks.js'
import { mrkdwnView } from './mrkdwn.js'
import { messageView } from './message.js'
import { viewView } from './view.js'

/**
 * Slack's messages, blocks and views as HTML text. Everything that a message says is escaped; only what these functions
 * write themselves is markup.
 */

export { escapeHtml } from './html.js'

/**
 * One row of a channel or of a thread.
 *
 * @param {object} message
 * @param {RenderContext} context
 */
export const renderMessage = (message, context) => messageView(/** @type {Fields} */ (message), context).toString()

/**
 * @param {readonly object[]} blocks
 * @param {RenderContext} context
 * @param {Where} where
 */
export const renderBlocks = (blocks, context, where) => blocksView(blocks, { context, where }).toString()

/**
 * @param {string} text With Slack's entities, as it is sent.
 * @param {RenderContext} context
 */
export const renderMrkdwn = (text, context) => mrkdwnView(text, context).toString()

/**
 * A modal, as a form, or a home tab.
 *
 * @param {object} view
 * @param {RenderContext} context
 * @param {{ errors?: Record<string, string> | undefined }} [options] What the app complained about, by block id; else that of the view.
 */
export const renderView = (view, context, { errors } = {}) => viewView(/** @type {Fields} */ (view), context, errors).toString()
