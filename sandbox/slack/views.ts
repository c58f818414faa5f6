import { randomUUID } from 'node:crypto'

import { checkView } from './blocks/view.ts'
import { refused } from './content.ts'
import { elementsOf, initialState, optionsOf } from './state-values.ts'
import type { ApiAnswer, Fields, OpenModal, View } from './types.ts'
import type { Workspace } from './workspace.ts'

export type ViewResult = { ok: true; view: View } | { ok: false; answer: ApiAnswer }

/** Slack stacks at most three modals. */
const MAX_STACK = 3

const newHash = (workspace: Workspace) => `${Math.floor(workspace.clock.now() / 1000)}.${randomUUID().slice(0, 8)}`

function blocksOf(workspace: Workspace, view: Fields): Fields[] {
  return (view['blocks'] as Fields[]).map((block) =>
    Object.assign({}, block, { block_id: block['block_id'] ?? workspace.newId('B') }, named(workspace, block)),
  )
}

/** Elements without an action id get one, or their values could not be told apart. */
function named(workspace: Workspace, block: Fields): Fields {
  const name = (element: unknown): unknown =>
    typeof element === 'object' && element !== null && (element as Fields)['type'] !== 'image'
      ? { ...element, action_id: (element as Fields)['action_id'] ?? workspace.newId('A') }
      : element
  if (block['type'] === 'input') return { element: name(block['element']) }
  if (block['type'] === 'actions') return { elements: (block['elements'] as unknown[]).map(name) }
  return block['accessory'] === undefined ? {} : { accessory: name(block['accessory']) }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

/** Checks what the app sent and completes it as Slack does. */
export function buildView(workspace: Workspace, input: unknown, type: 'modal' | 'home'): ViewResult {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { ok: false, answer: { ok: false, error: 'invalid_arguments' } }
  }
  const given = input as Fields
  const refusal = checkView(given, type)
  if (refusal) return { ok: false, answer: refused(refusal) }
  const { team, bot } = workspace.settings
  const blocks = blocksOf(workspace, given)
  const id = workspace.newId('V')
  const view: View = {
    title: null,
    close: null,
    submit: null,
    ...given,
    id,
    team_id: team.id,
    app_id: bot.appId,
    app_installed_team_id: team.id,
    bot_id: bot.botId,
    type,
    callback_id: textOf(given['callback_id']),
    external_id: textOf(given['external_id']),
    private_metadata: textOf(given['private_metadata']),
    hash: newHash(workspace),
    blocks,
    state: { values: initialState(blocks) },
    root_view_id: id,
    previous_view_id: null,
    clear_on_close: given['clear_on_close'] === true,
    notify_on_close: given['notify_on_close'] === true,
  }
  return { ok: true, view }
}

export const stackOf = (workspace: Workspace, user: string) => workspace.modals.filter((one) => one.user === user)

const tell = (workspace: Workspace, modal: OpenModal) =>
  workspace.emit({
    type: 'modal',
    user: modal.user,
    viewId: modal.viewId,
    modal: structuredClone(modal),
  })

type Opened = { ok: true; modal: OpenModal } | { ok: false; error: string }

export function openModal(workspace: Workspace, user: string, view: View, mode: 'open' | 'push'): Opened {
  const taken = workspace.modals.some((one) => view.external_id !== '' && one.view.external_id === view.external_id)
  if (taken) return { ok: false, error: 'duplicate_external_id' }
  const stack = stackOf(workspace, user)
  const below = stack.at(-1)
  if (mode === 'push') {
    if (!below) return { ok: false, error: 'not_found' }
    if (stack.length >= MAX_STACK) return { ok: false, error: 'push_limit_reached' }
    view.root_view_id = below.view.root_view_id
    view.previous_view_id = below.viewId
  }
  const modal: OpenModal = { viewId: view.id, user, view }
  workspace.modals.push(modal)
  tell(workspace, modal)
  return { ok: true, modal }
}

const isStillThere = (element: Fields, held: Fields) =>
  [held['selected_option'], ...((held['selected_options'] ?? []) as unknown[])]
    .filter((one): one is Fields => typeof one === 'object' && one !== null)
    .every(({ value }) => optionsOf(element).some((option) => option['value'] === value))

/** What was typed stays where block, action and kind of element stay, unless it is an option that is gone. */
function keepTyped(next: View, typed: View['state']['values']) {
  for (const block of next.blocks) {
    const [blockId, values] = [String(block['block_id']), next.state.values[String(block['block_id'])]]
    for (const element of values ? elementsOf(block) : []) {
      const actionId = String(element['action_id'])
      const held = typed[blockId]?.[actionId]
      if (values && held && held['type'] === element['type'] && isStillThere(element, held)) values[actionId] = held
    }
  }
}

/** Keeps the identity of the modal, and what was typed. */
export function replaceModal(workspace: Workspace, modal: OpenModal, next: View) {
  const { id, root_view_id, previous_view_id, state } = modal.view
  keepTyped(next, state.values)
  modal.view = { ...next, id, root_view_id, previous_view_id }
  delete modal.errors
  tell(workspace, modal)
}

export function showErrors(workspace: Workspace, modal: OpenModal, errors: Record<string, string>) {
  modal.errors = errors
  tell(workspace, modal)
}

export function dropModal(workspace: Workspace, modal: OpenModal) {
  const index = workspace.modals.indexOf(modal)
  if (index < 0) return
  workspace.modals.splice(index, 1)
  workspace.emit({ type: 'modal_closed', user: modal.user, viewId: modal.viewId })
}

export function dropStack(workspace: Workspace, user: string) {
  for (const modal of stackOf(workspace, user).toReversed()) dropModal(workspace, modal)
}

export function publishHome(workspace: Workspace, user: string, view: View): View {
  const before = workspace.homes.get(user)
  const shown = before ? { ...view, id: before.id, root_view_id: before.id } : view
  workspace.homes.set(user, shown)
  workspace.emit({ type: 'home', user, view: structuredClone(shown) })
  return shown
}
