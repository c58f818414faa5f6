import { interactionBase, requireUser } from './identity.ts'
import type { Hands } from './people.ts'
import { pickValue } from './state-values.ts'
import type { AckResult, Fields, OpenModal, Slack, SubmitInput } from './types.ts'
import { buildView, dropModal, dropStack, openModal, replaceModal, showErrors, stackOf } from './views.ts'
import type { Workspace } from './workspace.ts'

function findModal(workspace: Workspace, user: string, viewId: string | undefined): OpenModal {
  const stack = stackOf(workspace, user)
  const found = viewId === undefined ? stack.at(-1) : stack.find((one) => one.viewId === viewId)
  if (found) return found
  throw new Error(`${user} has no open modal ${viewId ?? ''}`.trim())
}

const inputsOf = (modal: OpenModal) => modal.view.blocks.filter((block) => block['type'] === 'input')

function isEmpty(value: Fields): boolean {
  const { type: _type, ...rest } = value
  return Object.values(rest).every((item) => item === null || item === '' || (Array.isArray(item) && item.length === 0))
}

/** Puts what the person filled in into the view, as far as the form has a place for it. */
function fillIn(modal: OpenModal, values: SubmitInput['values']) {
  for (const [blockId, actions] of Object.entries(values)) {
    const block = modal.view.blocks.find((one) => one['block_id'] === blockId)
    for (const [actionId, value] of Object.entries(actions)) {
      const state = modal.view.state.values[blockId]
      if (!block || !state?.[actionId]) throw new Error(`the modal has no field ${blockId}/${actionId}`)
      const element = (block['element'] ?? block['accessory'] ?? elementIn(block, actionId)) as Fields
      state[actionId] =
        typeof value === 'object' && value !== null
          ? { type: element['type'], ...value }
          : pickValue(element, value === undefined || value === null ? undefined : `${value as string | number}`)
    }
  }
}

const elementIn = (block: Fields, actionId: string) => (block['elements'] as Fields[]).find((one) => one['action_id'] === actionId)

/** The client does not send a form with a required field left empty, or a text outside its bounds. */
function checkFilled(modal: OpenModal) {
  for (const block of inputsOf(modal)) {
    const element = block['element'] as Fields
    const blockId = String(block['block_id'])
    const value = modal.view.state.values[blockId]?.[String(element['action_id'])] ?? {}
    if (block['optional'] !== true && isEmpty(value)) throw new Error(`the field ${blockId} is required`)
    const typed = value['value']
    if (typeof typed !== 'string' || typed === '') continue
    if (typed.length > Number(element['max_length'] ?? 3000)) throw new Error(`the field ${blockId} is too long`)
    if (typed.length < Number(element['min_length'] ?? 0)) throw new Error(`the field ${blockId} is too short`)
    if (element['type'] === 'url_text_input' && !URL.canParse(typed)) throw new Error(`the field ${blockId} is no URL`)
  }
}

function takeErrors(workspace: Workspace, modal: OpenModal, body: Fields) {
  const errors = (body['errors'] ?? {}) as Record<string, string>
  const known = new Set(inputsOf(modal).map((block) => block['block_id']))
  const unknown = Object.keys(errors).filter((id) => !known.has(id))
  if (unknown.length > 0 || Object.keys(errors).length === 0) {
    throw new Error(`Slack would refuse the errors: no input block ${unknown.join(', ') || 'is named'}`)
  }
  showErrors(workspace, modal, errors)
}

/** What the app's answer to a submission does to the modals. */
function react(workspace: Workspace, modal: OpenModal, body: unknown) {
  const answer = (typeof body === 'object' ? (body ?? {}) : {}) as Fields
  const action = answer['response_action']
  delete modal.errors
  if (action === undefined) return dropModal(workspace, modal)
  if (action === 'clear') return dropStack(workspace, modal.user)
  if (action === 'errors') return takeErrors(workspace, modal, answer)
  if (action !== 'update' && action !== 'push') throw new Error(`unknown response_action ${JSON.stringify(action)}`)
  const result = buildView(workspace, answer['view'], 'modal')
  if (!result.ok) throw new Error(`Slack would refuse the view: ${JSON.stringify(result.answer)}`)
  if (action === 'update') return replaceModal(workspace, modal, result.view)
  const opened = openModal(workspace, modal.user, result.view, 'push')
  if (!opened.ok) throw new Error(`Slack would refuse the view: ${opened.error}`)
  return undefined
}

async function submit(hands: Hands, input: SubmitInput): Promise<AckResult> {
  const { workspace } = hands
  const user = requireUser(workspace, input.user)
  const modal = findModal(workspace, input.user, input.viewId)
  if (!modal.view['submit']) throw new Error('the modal has no submit button')
  fillIn(modal, input.values)
  checkFilled(modal)
  const payload = {
    type: 'view_submission',
    ...interactionBase(workspace, user),
    trigger_id: hands.triggers.issue(user.id),
    view: structuredClone(modal.view),
    response_urls: [],
  }
  const result = await hands.dispatcher.send({
    type: 'interactive',
    payload,
    accepts_response_payload: true,
  })
  react(workspace, modal, result.body)
  return result
}

async function close(hands: Hands, input: { user: string; viewId?: string }) {
  const { workspace } = hands
  const user = requireUser(workspace, input.user)
  const modal = findModal(workspace, input.user, input.viewId)
  const { view } = modal
  if (view.clear_on_close) dropStack(workspace, input.user)
  else dropModal(workspace, modal)
  if (!view.notify_on_close) return
  const base = interactionBase(workspace, user)
  const payload = {
    type: 'view_closed',
    ...base,
    view: structuredClone(view),
    is_cleared: view.clear_on_close,
  }
  await hands.dispatcher.send({ type: 'interactive', payload, accepts_response_payload: false })
}

export function createModals(hands: Hands): Pick<Slack, 'submitModal' | 'closeModal'> {
  return {
    submitModal: (input) => submit(hands, input),
    closeModal: (input) => close(hands, input),
  }
}
