// @ts-check
/** @import { Message } from '../../slack/types.ts' */
import { byId, make, whenChanged } from './dom.js'
import { createFeed, ofEphemeral, ofMessage, ofNotice } from './feed.js'
import { keepFocus } from './keep-focus.js'
import { changed, ephemerals, messages, model, onChange, renderContext } from './model.js'
import { renderView } from './render/index.js'
import { ask } from './talk.js'

/** @template {{ key: string, ts: string }} T @param {T[]} items */
const inOrder = (items) => items.filter(({ key }) => !model.dismissed.has(key)).sort((a, b) => Number(a.ts) - Number(b.ts))

const channelPane = byId('channel', HTMLElement)
const homePane = byId('home', HTMLElement)
const threadPane = byId('thread', HTMLElement)
const note = byId('slack-note', HTMLElement)

function channelItems() {
  const top = messages().filter(
    ({ ts, thread_ts, subtype }) => thread_ts === undefined || thread_ts === ts || subtype === 'thread_broadcast',
  )
  const mine = ephemerals().filter(({ thread_ts }) => thread_ts === undefined)
  const notices = model.notices.filter(({ user, threadTs }) => user === model.me && threadTs === null)
  return inOrder([...top.map(ofMessage), ...mine.map(ofEphemeral), ...notices.map(ofNotice)])
}

/** @param {string} root */
function threadItems(root) {
  const inThread = messages().filter(({ ts, thread_ts }) => ts === root || thread_ts === root)
  const mine = ephemerals().filter(({ thread_ts }) => thread_ts === root)
  const notices = model.notices.filter(({ user, threadTs }) => user === model.me && threadTs === root)
  return inOrder([...inThread.map(ofMessage), ...mine.map(ofEphemeral), ...notices.map(ofNotice)])
}

/** The element that had the focus before the thread was opened. @type {HTMLElement | null} */
let opener = null

/** @param {string} ts @param {{ focus: boolean }} options */
export function openThread(ts, { focus }) {
  opener = document.activeElement instanceof HTMLElement ? document.activeElement : null
  model.threadTs = ts
  model.tab = 'channel'
  changed()
  if (focus) queueMicrotask(() => byId('thread-text', HTMLTextAreaElement).focus())
}

function closeThread() {
  model.threadTs = null
  changed()
  if (opener?.isConnected === true) opener.focus()
  else byId('composer-text', HTMLTextAreaElement).focus()
}

const drawTabs = whenChanged((/** @type {'channel' | 'home'} */ tab) => {
  for (const name of /** @type {const} */ (['channel', 'home'])) {
    const button = byId(`tab-${name}`, HTMLButtonElement)
    button.setAttribute('aria-selected', String(name === tab))
    button.tabIndex = name === tab ? 0 : -1
  }
  channelPane.hidden = tab !== 'channel'
  homePane.hidden = tab !== 'home'
})

const homeTrouble = make('p', { class: 'trouble', role: 'alert', hidden: true })
const homeView = make('div', { tabindex: '-1' })

/** What did not work in the Home tab. @param {string} why Empty: nothing. */
export function complainAtHome(why) {
  homeTrouble.hidden = why === ''
  homeTrouble.textContent = why
}

const drawHome = whenChanged((/** @type {import('../../slack/types.ts').View | undefined} */ view) => {
  complainAtHome('')
  const isLost = keepFocus(homeView, () => {
    if (view === undefined) homeView.replaceChildren(make('p', { class: 'empty' }, 'The bot has not published a Home tab.'))
    else homeView.innerHTML = renderView(view, renderContext())
  })
  if (isLost) homeView.focus()
})

/** Whose Home tab is open: Slack tells the app each time that one is opened. */
let homeOf = ''

async function openHome() {
  const now = model.tab === 'home' ? model.me : ''
  if (homeOf === now) return
  homeOf = now
  complainAtHome('')
  const why = now === '' ? null : await ask({ act: 'home', user: now })
  if (why !== null && homeOf === now) complainAtHome(why)
}

const drawNote = whenChanged((/** @type {boolean} */ isUp, /** @type {boolean} */ isConnected) => {
  const text = !isUp
    ? 'Slack is down: nobody can type, and nothing new is shown.'
    : isConnected
      ? ''
      : 'jada-bot is away: it is not connected to Slack.'
  note.hidden = text === ''
  note.textContent = text
  for (const field of document.querySelectorAll('.composer textarea, .composer button'))
    if (field instanceof HTMLTextAreaElement || field instanceof HTMLButtonElement) field.disabled = !isUp
})

/** @param {Message} message */
const wordsOf = ({ text, user }) => `${renderContext().users[user] ?? 'Somebody'}: ${text.replaceAll(/[<>*_`]/g, ' ').slice(0, 200)}`

/** Tells a screen reader what has come since the page was opened. */
function createAnnouncer() {
  const news = byId('news', HTMLElement)
  /** @type {Map<string, string> | null} */
  let known = null
  return () => {
    if (model.parts.stage === undefined) return
    const now = new Map([...messages(), ...ephemerals()].map((message) => [message.ts, wordsOf(/** @type {Message} */ (message))]))
    const fresh = known === null ? [] : [...now].filter(([ts, words]) => known?.get(ts) !== words)
    known = now
    if (fresh.length > 0) news.textContent = fresh.map(([, words]) => words).join('. ')
  }
}

/** @param {'channel' | 'home'} tab */
function showTab(tab) {
  model.tab = tab
  changed()
}

function listenToTabs() {
  for (const name of /** @type {const} */ (['channel', 'home'])) {
    const button = byId(`tab-${name}`, HTMLButtonElement)
    button.addEventListener('click', () => showTab(name))
    button.addEventListener('keydown', ({ key }) => {
      if (key !== 'ArrowLeft' && key !== 'ArrowRight') return
      const other = name === 'channel' ? 'home' : 'channel'
      if (byId(`tab-${other}`, HTMLButtonElement).hidden) return
      showTab(other)
      queueMicrotask(() => byId(`tab-${other}`, HTMLButtonElement).focus())
    })
  }
}

/** The left column: channel, thread and home. */
export function mountConversation() {
  const drawChannel = createFeed(byId('feed', HTMLElement), { isThread: false })
  const drawThread = createFeed(byId('thread-feed', HTMLElement), { isThread: true })
  const announce = createAnnouncer()
  listenToTabs()
  homePane.append(homeTrouble, homeView)
  byId('thread-close', HTMLButtonElement).addEventListener('click', closeThread)
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && !threadPane.hidden && document.querySelector('dialog[open], .has-large-sheet') === null) closeThread()
  })
  onChange(() => {
    const { slack, stage } = model.parts
    byId('tab-home', HTMLButtonElement).hidden = stage?.hasHome === false
    void openHome()
    drawTabs(model.tab)
    drawChannel(channelItems())
    const items = model.threadTs === null ? [] : threadItems(model.threadTs)
    threadPane.hidden = items.length === 0 || model.tab === 'home'
    document.body.classList.toggle('has-thread', !threadPane.hidden)
    drawThread(items)
    drawHome(model.parts[`home/${model.me}`])
    if (slack !== undefined) drawNote(slack.isUp, slack.connected > 0)
    announce()
  })
}
