// @ts-check
import { askFirst } from './confirm.js'
import { byId, make } from './dom.js'
import { editMessage } from './edit.js'
import { messages, model } from './model.js'
import { askInSlack } from './talk.js'

/** "More actions" of a message: the app's message shortcuts first, as Slack shows them. One menu serves all messages. */

/** @typedef {{ label: string, note?: string, isDanger?: boolean, run: () => void }} Item */

const menu = make('ul', { id: 'message-menu', class: 'message-menu', role: 'menu', 'aria-label': 'More actions', popover: 'manual' })

/** Where the menu came from: the button may have been drawn anew since. @type {{ button: HTMLElement, list: Element | null, key: string } | null} */
let opener = null

function openerNow() {
  if (opener === null) return null
  const { button, list, key } = opener
  if (button.isConnected) return button
  const again = list?.querySelector(`[data-key="${CSS.escape(key)}"] [data-tool="more"]`)
  return again instanceof HTMLElement ? again : null
}

/** @param {{ focus: boolean }} options */
function close({ focus }) {
  if (opener === null) return
  const button = openerNow()
  opener = null
  button?.setAttribute('aria-expanded', 'false')
  if (focus) (button ?? byId('composer-text', HTMLTextAreaElement)).focus()
  menu.hidePopover()
}

/** @param {string} ts */
async function remove(ts) {
  const question = {
    title: { text: 'Delete the message?' },
    text: { text: 'It is deleted in Slack, and the bot is told.' },
    confirm: { text: 'Delete' },
    style: 'danger',
  }
  if (await askFirst(question)) await askInSlack({ act: 'delete', user: model.me, ts })
}

/** @param {string} ts @param {string | null} threadTs @returns {Item[]} */
function itemsFor(ts, threadTs) {
  const { stage } = model.parts
  const message = messages().find((one) => one.ts === ts)
  const shortcuts = (stage?.shortcuts ?? []).map(({ name, callbackId }) => ({
    label: name,
    note: stage?.bot.name ?? '',
    run: () => void askInSlack({ act: 'shortcut', user: model.me, ts, callbackId }, threadTs),
  }))
  const isMine = message?.user === model.me && message.bot_id === undefined
  const edit = isMine ? [{ label: 'Edit message', run: () => editMessage(message, threadTs) }] : []
  return [...shortcuts, ...edit, { label: 'Delete message', isDanger: true, run: () => void remove(ts) }]
}

/** Below the button where there is room, else above it, and never outside of the window. */
function place() {
  const button = openerNow()
  if (button === null) return close({ focus: false })
  const from = button.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  const below = from.bottom + 4
  menu.style.left = `${Math.max(8, Math.min(from.right - width, innerWidth - width - 8))}px`
  menu.style.top = `${below + height > innerHeight - 8 ? Math.max(8, from.top - height - 4) : below}px`
}

const buttons = () => [...menu.querySelectorAll('button')]

/** @param {HTMLElement} button */
export function toggleMessageMenu(button) {
  if (opener !== null && openerNow() === button) return close({ focus: true })
  close({ focus: false })
  const { ts = '' } = button.dataset
  const threadTs = button.closest('#thread') === null ? null : model.threadTs
  opener = { button, list: button.closest('ol'), key: button.closest('li')?.dataset['key'] ?? '' }
  menu.replaceChildren(
    ...itemsFor(ts, threadTs).map(({ label, note = '', isDanger = false, run }) => {
      const item = make('button', { type: 'button', role: 'menuitem', tabindex: '-1', class: isDanger ? 'is-danger' : undefined }, label)
      if (note !== '') item.append(make('small', {}, note))
      item.addEventListener('click', () => {
        close({ focus: true })
        run()
      })
      return make('li', { role: 'none' }, item)
    }),
  )
  button.setAttribute('aria-expanded', 'true')
  menu.showPopover()
  place()
  return buttons()[0]?.focus()
}

/** @param {KeyboardEvent} event */
function press(event) {
  const all = buttons()
  const now = all.findIndex((one) => one === document.activeElement)
  const next = { ArrowDown: (now + 1) % all.length, ArrowUp: (now - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key]
  if (next !== undefined) all[next]?.focus()
  else if (event.key === 'Escape' || event.key === 'Tab') close({ focus: true })
  else return
  // Tab goes on from the button.
  if (event.key !== 'Tab') event.preventDefault()
  event.stopPropagation()
}

export function mountMessageMenu() {
  document.body.append(menu)
  menu.addEventListener('keydown', press)
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    const goesTo = relatedTarget instanceof Element ? relatedTarget : null
    if (goesTo !== null && (menu.contains(goesTo) || goesTo === openerNow())) return
    // The window itself lost the focus, perhaps: then nothing has been left.
    if (goesTo !== null) close({ focus: false })
  })
  document.addEventListener('pointerdown', ({ target }) => {
    if (opener === null || !(target instanceof Element) || menu.contains(target)) return
    if (target.closest('[data-tool="more"]') !== openerNow()) close({ focus: false })
  })
  document.addEventListener('scroll', () => opener !== null && place(), { capture: true, passive: true })
  window.addEventListener('resize', () => opener !== null && place())
}
