// @ts-check
import { byId, make } from './dom.js'
import { model, notify } from './model.js'
import { askInSlack } from './talk.js'

/** @param {string} typed @returns {string[]} */
function completionsFor(typed) {
  const commands = model.parts.stage?.commands ?? []
  const text = typed.toLowerCase()
  if (!text.startsWith('/') || text.includes('\n')) return []
  return commands.filter((command) => command.startsWith(text) && command !== text)
}

/** @param {HTMLTextAreaElement} field */
function fit(field) {
  field.style.height = 'auto'
  field.style.height = `${Math.min(field.scrollHeight + 2, 160)}px`
}

/** @param {HTMLTextAreaElement} field */
function createCompletions(field) {
  const list = byId('completions', HTMLElement)
  let active = -1
  /** @type {string[]} */
  let items = []
  const draw = () => {
    list.hidden = items.length === 0
    field.setAttribute('aria-expanded', String(items.length > 0))
    list.replaceChildren(
      ...items.map((item, index) =>
        make('li', { role: 'option', id: `completion-${index}`, 'aria-selected': String(index === active) }, item),
      ),
    )
    if (active < 0) field.removeAttribute('aria-activedescendant')
    else field.setAttribute('aria-activedescendant', `completion-${active}`)
    list.children[active]?.scrollIntoView({ block: 'nearest' })
  }
  const close = () => {
    items = []
    active = -1
    draw()
  }
  const suggest = () => {
    items = completionsFor(field.value)
    active = -1
    draw()
  }
  /** @param {string | undefined} item */
  const take = (item) => {
    if (item === undefined) return
    field.value = item
    fit(field)
    close()
    field.focus()
  }
  list.addEventListener('mousedown', (event) => event.preventDefault())
  list.addEventListener('click', ({ target }) => {
    if (target instanceof HTMLElement) take(items[[...list.children].indexOf(target)])
  })
  field.addEventListener('input', suggest)
  field.addEventListener('blur', close)
  /** Whether the key was for the list. @param {string} key */
  const press = (key) => {
    if (items.length === 0) return false
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      active = (active + (key === 'ArrowDown' ? 1 : -1) + items.length + (active < 0 && key === 'ArrowUp' ? 1 : 0)) % items.length
      draw()
    } else if (key === 'Enter' && active >= 0) take(items[active])
    else if (key === 'Escape') close()
    else return false
    return true
  }
  return { press, close }
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} field
 * @param {{ press: (key: string) => boolean, close: () => void }} completions
 * @param {(text: string) => void} send
 */
function listenTo(form, field, completions, send) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const text = field.value.trim()
    if (text === '') return
    field.value = ''
    fit(field)
    completions.close()
    send(text)
  })
  field.addEventListener('input', () => fit(field))
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return
    const isTaken = completions.press(event.key)
    if (isTaken || (event.key === 'Enter' && !event.shiftKey)) event.preventDefault()
    if (isTaken) event.stopPropagation()
    else if (event.key === 'Enter' && !event.shiftKey) form.requestSubmit()
  })
}

/** The fields people type into: the channel's takes slash commands, the thread's does not, as in Slack. */
export function mountComposers() {
  const field = byId('composer-text', HTMLTextAreaElement)
  listenTo(byId('composer', HTMLFormElement), field, createCompletions(field), (text) => {
    const user = model.me
    void askInSlack(text.startsWith('/') ? { act: 'command', user, text } : { act: 'message', user, text })
  })
  const none = { press: () => false, close: () => undefined }
  listenTo(byId('thread-composer', HTMLFormElement), byId('thread-text', HTMLTextAreaElement), none, (text) => {
    const threadTs = model.threadTs
    if (threadTs === null) return
    if (text.startsWith('/')) notify(`${text.split(' ')[0]} is not supported in threads. Sorry.`, threadTs)
    else void askInSlack({ act: 'message', user: model.me, text, threadTs }, threadTs)
  })
}
