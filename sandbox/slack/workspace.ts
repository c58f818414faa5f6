import { createTsClock, type TsClock } from './clock.ts'
import { createMessageStore, type MessageStore } from './message-store.ts'
import type { Settings } from './settings.ts'
import type { EphemeralMessage, OpenModal, ScheduledMessage, SlackChange, SlackChannel, SlackUser, View } from './types.ts'

/** Everything the people and the app of this workspace can see. */
export interface Workspace {
  settings: Settings
  clock: TsClock
  messages: MessageStore
  ephemerals: EphemeralMessage[]
  modals: OpenModal[]
  homes: Map<string, View>
  scheduled: ScheduledMessage[]
  emit(change: SlackChange): void
  on(listener: (event: SlackChange) => void): () => void
  newId(prefix: string): string
  user(id: string): SlackUser | undefined
  channel(id: string): SlackChannel | undefined
  /** The direct conversation of a person with the app, made when first needed. */
  direct(user: string): SlackChannel
}

export const isDirect = (channel: SlackChannel) => channel.id.startsWith('D')

export function createWorkspace(settings: Settings): Workspace {
  const listeners = new Set<(event: SlackChange) => void>()
  const clock = createTsClock(settings.now)
  let ids = 0
  const emit = (change: SlackChange) => {
    for (const listener of listeners) listener(change)
  }
  const channel = (id: string) => settings.channels.find((one) => one.id === id)
  return {
    settings,
    clock,
    messages: createMessageStore(emit),
    ephemerals: [],
    modals: [],
    homes: new Map(),
    scheduled: [],
    emit,
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    newId(prefix) {
      ids += 1
      return `${prefix}${String(ids).padStart(8, '0')}`
    },
    user: (id) => settings.users.find((one) => one.id === id),
    channel,
    direct(user) {
      const id = `D${user.slice(1)}`
      const found = channel(id)
      if (found) return found
      const made: SlackChannel = {
        id,
        name: 'directmessage',
        isPrivate: true,
        members: [user],
        botIsMember: true,
      }
      settings.channels.push(made)
      return made
    },
  }
}
