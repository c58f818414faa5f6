import type { Playbook } from '../playbook.ts'
import { listCharters, readCharter } from './charters.ts'
import { listSignatures, readCrewPage, requestSignaturesTool, suggestReminders, updateCrewPage } from './office.ts'
import { askOperator, createTask, finish, noteProgress, readTask } from './own.ts'
import type { Tool } from './tool.ts'

const BUILT_IN: readonly Tool[] = [readTask, listCharters, readCharter, createTask, noteProgress, askOperator, finish] as readonly Tool[]

/** These hand out, or change, what is behind a link. */
const OFFICE: readonly Tool[] = [readCrewPage, updateCrewPage, listSignatures, requestSignaturesTool, suggestReminders] as readonly Tool[]

const ALWAYS: ReadonlySet<string> = new Set(['read_task', 'finish'])

/** The tools of a playbook's sessions, in an order that never changes, so that they stay cached. */
export function toolsOf(
  playbook: Pick<Playbook, 'tools'>,
  { hasOffice = true, more = [] }: { readonly hasOffice?: boolean; readonly more?: readonly Tool[] } = {},
): readonly Tool[] {
  const allowed = new Set<string>(playbook.tools)
  const offered = hasOffice ? [...BUILT_IN, ...OFFICE] : BUILT_IN
  return [...offered.filter(({ name }) => ALWAYS.has(name) || allowed.has(name)), ...more]
}
