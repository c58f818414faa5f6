// @ts-check
/** @import { Act } from '../acts.ts' */
import { byId } from './dom.js'
import { applyChange, notify, replaceParts } from './model.js'

const token = document.querySelector('meta[name="console-token"]')?.getAttribute('content') ?? ''

/**
 * Asks the server to do something. Null: it is done; otherwise why not, for people.
 *
 * @param {Act} act
 * @returns {Promise<string | null>}
 */
export async function ask(act) {
  try {
    const answer = await fetch('/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-console-token': token },
      body: JSON.stringify(act),
    })
    const body = await answer.text()
    if (answer.ok) return null
    return answer.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(body).why : body
  } catch {
    return 'The sandbox does not answer.'
  }
}

/**
 * Something done in Slack: what goes wrong is said where Slack would say it.
 *
 * @param {Act} act
 * @param {string | null} [threadTs]
 */
export async function askInSlack(act, threadTs = null) {
  const why = await ask(act)
  if (why !== null) notify(why, threadTs)
  return why === null
}

let hidesTrouble = 0

/**
 * Something done to the world: what goes wrong is said above it, for a while.
 *
 * @param {Act} act
 */
export async function askWorld(act) {
  const why = await ask(act)
  const trouble = byId('trouble', HTMLElement)
  clearTimeout(hidesTrouble)
  trouble.hidden = why === null
  trouble.textContent = why ?? ''
  hidesTrouble = window.setTimeout(() => (trouble.hidden = true), 12_000)
}

/** Hears everything that happens, for as long as the sandbox runs. */
export function listen() {
  const lost = byId('lost', HTMLElement)
  const stream = new EventSource('/events')
  /** @param {string} text */
  const say = (text) => {
    lost.hidden = text === ''
    lost.textContent = text
    document.body.classList.toggle('is-lost', text !== '')
  }
  stream.addEventListener('snapshot', ({ data }) => {
    say('')
    replaceParts(JSON.parse(data))
  })
  stream.addEventListener('change', ({ data }) => applyChange(JSON.parse(data)))
  stream.addEventListener('end', () => {
    stream.close()
    say('The sandbox has ended. Start it again with npm run sandbox, and open the address it prints.')
  })
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) say('This page is out of date. Open the address that npm run sandbox printed.')
    else say('The connection to the sandbox is lost; trying again. If it has ended, start it with npm run sandbox.')
  })
}
