import { channelName, interactionBase, requireMembership, requireUser } from './identity.ts'
import type { Hands } from './people.ts'
import { elementsOf, initialState, optionsOf, pickValue } from './state-values.ts'
import type { AckResult, ClickInput, Fields, Slack, View, ViewClickInput } from './types.ts'
import { stackOf } from './views.ts'

interface Clickable {
  block: Fields
  element: Fields
}

const clickables = (blocks: Fields[]): Clickable[] => blocks.flatMap((block) => elementsOf(block).map((element) => ({ block, element })))

function suits(element: Fields, value: string | undefined): boolean {
  if (value === undefined) return true
  if (element['type'] === 'button') return element['value'] === value
  const options = optionsOf(element)
  return options.length === 0 || value.split(',').every((one) => options.some((option) => option['value'] === one))
}

function findElement(blocks: Fields[], actionId: string, value: string | undefined, where: string): Clickable {
  const all = clickables(blocks)
  const named = all.filter(({ element }) => element['action_id'] === actionId)
  const found = named.find(({ element }) => suits(element, value))
  if (found) return found
  const known = all.map(({ element }) => `${String(element['action_id'])}=${String(element['value'] ?? element['type'])}`)
  const asked = value === undefined ? actionId : `${actionId} with the value ${value}`
  throw new Error(`there is no element ${asked} in ${where}; there are: ${known.join(', ') || 'none'}`)
}

/** Buttons open their own link, menus that of the picked item. */
function linkOf(element: Fields, action: Fields): string | undefined {
  const picked = action['selected_option'] as Fields | null | undefined
  const url = element['url'] ?? picked?.['url']
  return typeof url === 'string' ? url : undefined
}

function actionOf(hands: Hands, { block, element }: Clickable, value: string | undefined): Fields {
  const { type, text, url, style, action_id, placeholder } = element
  const shown = { text, url, style, placeholder }
  const given = Object.fromEntries(Object.entries(shown).filter(([, item]) => item !== undefined))
  const picked = pickValue(element, value)
  return {
    ...given,
    ...picked,
    type,
    action_id,
    block_id: block['block_id'],
    action_ts: hands.workspace.clock.next(),
  }
}

async function send(hands: Hands, payload: Fields, element: Fields, action: Fields): Promise<AckResult> {
  const full = { type: 'block_actions', ...payload, actions: [action] }
  const result = await hands.dispatcher.send({
    type: 'interactive',
    payload: full,
    accepts_response_payload: false,
  })
  const openedUrl = linkOf(element, action)
  return openedUrl === undefined ? result : { ...result, openedUrl }
}

interface Clicked {
  blocks: Fields[]
  attachments: Fields[]
  message: Fields | undefined
  threadTs: string | undefined
  ephemeral: boolean
}

function findClicked({ workspace }: Hands, input: ClickInput): Clicked {
  const allBlocks = (item: { blocks?: Fields[]; attachments?: Fields[] }) => [
    ...(item.blocks ?? []),
    ...(item.attachments ?? []).flatMap((one) => (one['blocks'] ?? []) as Fields[]),
  ]
  const shown = workspace.ephemerals.find((one) => one.ts === input.ts && one.channel === input.channel && one.user === input.user)
  // Slack sends no `message` for an ephemeral one: the app gets its address only.
  if (shown)
    return {
      blocks: allBlocks(shown),
      attachments: shown.attachments ?? [],
      message: undefined,
      threadTs: shown.thread_ts,
      ephemeral: true,
    }
  const message = input.ephemeral ? undefined : workspace.messages.find(input.channel, input.ts)
  if (!message) throw new Error(`${input.user} sees no message ${input.ts} in ${input.channel}`)
  const { channel: _channel, ...rest } = structuredClone(message)
  return {
    blocks: allBlocks(message),
    attachments: message.attachments ?? [],
    message: rest,
    threadTs: message.thread_ts,
    ephemeral: false,
  }
}

/** What the app is told of the place; blocks of an attachment are said to be in it. */
function containerOf({ attachments, ephemeral, threadTs }: Clicked, block: Fields, input: ClickInput): Fields {
  const around = attachments.find((one) => Array.isArray(one['blocks']) && one['blocks'].includes(block))
  return {
    type: around ? 'message_attachment' : 'message',
    message_ts: input.ts,
    ...(around ? { attachment_id: around['id'] } : {}),
    channel_id: input.channel,
    is_ephemeral: ephemeral,
    ...(around ? { is_app_unfurl: false } : {}),
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  }
}

async function click(hands: Hands, input: ClickInput): Promise<AckResult> {
  const { workspace } = hands
  const user = requireUser(workspace, input.user)
  const channel = requireMembership(workspace, input.user, input.channel)
  const clicked = findClicked(hands, input)
  const found = findElement(clicked.blocks, input.actionId, input.value, `message ${input.ts}`)
  const origin = {
    ts: input.ts,
    ephemeral: clicked.ephemeral,
    ...(clicked.threadTs === undefined ? {} : { threadTs: clicked.threadTs }),
  }
  const action = actionOf(hands, found, input.value)
  const state = initialState(clicked.blocks)
  const payload = {
    ...interactionBase(workspace, user),
    container: containerOf(clicked, found.block, input),
    trigger_id: hands.triggers.issue(user.id),
    channel: { id: channel.id, name: channelName(channel) },
    ...(clicked.message ? { message: clicked.message } : {}),
    state: { values: state },
    response_url: hands.responseUrls.create({
      user: user.id,
      channel: channel.id,
      message: origin,
    }),
  }
  return send(hands, payload, found.element, action)
}

function findView({ workspace }: Hands, input: ViewClickInput): View {
  const modals = stackOf(workspace, input.user)
  const modal = input.viewId === undefined ? modals.at(-1) : modals.find((one) => one.viewId === input.viewId)
  const home = workspace.homes.get(input.user)
  const view = modal?.view ?? (input.viewId === undefined || input.viewId === home?.id ? home : undefined)
  if (!view) throw new Error(`${input.user} sees no view ${input.viewId ?? ''}`.trim())
  return view
}

async function clickView(hands: Hands, input: ViewClickInput): Promise<AckResult> {
  const user = requireUser(hands.workspace, input.user)
  const view = findView(hands, input)
  const found = findElement(view.blocks, input.actionId, input.value, `view ${view.id}`)
  const action = actionOf(hands, found, input.value)
  const block = view.state.values[String(found.block['block_id'])]
  if (block?.[input.actionId]) block[input.actionId] = pickValue(found.element, input.value)
  const payload = {
    ...interactionBase(hands.workspace, user),
    container: { type: 'view', view_id: view.id },
    trigger_id: hands.triggers.issue(user.id),
    view: structuredClone(view),
  }
  return send(hands, payload, found.element, action)
}

export function createClicks(hands: Hands): Pick<Slack, 'click' | 'clickView'> {
  return {
    click: (input) => click(hands, input),
    clickView: (input) => clickView(hands, input),
  }
}
