// @ts-check
import { listenToActions } from './actions.js'
import { mountBot } from './bot.js'
import { mountClaude } from './claude.js'
import { mountComposers } from './composer.js'
import { mountConversation } from './conversation.js'
import { byId, make, whenChanged } from './dom.js'
import { mountHost } from './host.js'
import { mountMessageMenu } from './message-menu.js'
import { mountModal } from './modal.js'
import { changed, model, onChange } from './model.js'
import { mountSheet } from './sheet.js'
import { listen } from './talk.js'
import { mountTour } from './tour.js'
import { mountGoogle, mountSlack } from './world.js'

function mountWho() {
  const who = byId('who', HTMLSelectElement)
  who.addEventListener('change', () => {
    model.me = who.value
    changed()
  })
  const fill = whenChanged((/** @type {NonNullable<typeof model.parts.stage>['people'] | undefined} */ people) => {
    who.replaceChildren(...(people ?? []).map(({ id, name, role }) => make('option', { value: id }, `${name} (${role})`)))
  })
  onChange(() => {
    fill(model.parts.stage?.people)
    who.value = model.me
  })
}

/** On a narrow screen one column is shown at a time. */
function mountColumns() {
  const buttons = document.querySelectorAll('.columns button')
  const mark = () => {
    for (const button of buttons)
      if (button instanceof HTMLElement)
        button.setAttribute('aria-pressed', String(button.dataset['column'] === document.body.dataset['column']))
  }
  for (const button of buttons) {
    button.addEventListener('click', () => {
      if (button instanceof HTMLElement) document.body.dataset['column'] = button.dataset['column'] ?? 'slack'
      mark()
    })
  }
  new MutationObserver(mark).observe(document.body, { attributeFilter: ['data-column'] })
}

mountTour()
mountWho()
mountColumns()
mountConversation()
mountComposers()
mountModal()
mountMessageMenu()
mountGoogle()
mountClaude()
mountBot()
mountHost()
mountSlack()
mountSheet()
listenToActions()
listen()
