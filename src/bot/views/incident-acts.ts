import type { Refused } from '../../services/incidents/decide.ts'
import type { Incident } from '../../services/incidents/incident.ts'
import { titleOf } from '../../services/incidents/wording.ts'
import { ACTION, cardValue } from './action-ids.ts'
import { resolveButton, type MessageView } from './alert.ts'
import { actions, section } from './blocks.ts'

/** What is said about acts on an incident, to whoever acts. */

export const REFUSED: Readonly<Record<Refused, string>> = {
  resolved: 'This incident is resolved already; nothing was changed.',
  outdated: 'The card has changed since you saw it: it got worse or opened again. Look at it once more, then click again.',
  already: 'Somebody has done that already.',
}

type Seen = Pick<Incident, 'id' | 'version' | 'kind'>

/** Picking a person; the block says which card was seen. */
export function assignView(incident: Seen): MessageView {
  const text = `Who looks after incident ${incident.id}? ${titleOf(incident)}.`
  const pick = {
    type: 'users_select' as const,
    action_id: ACTION.assign,
    placeholder: { type: 'plain_text' as const, text: 'Choose a person' },
  }
  return { text, blocks: [section(text), actions([pick], cardValue(incident))] }
}

export function resolveView(incident: Seen): MessageView {
  const text = `Resolve incident ${incident.id} without proof? ${titleOf(incident)}. Its card turns grey, and the next failure opens it again.`
  return { text, blocks: [section(text), actions([resolveButton(incident)])] }
}
