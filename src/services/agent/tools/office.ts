import { z } from 'zod'
import { maskKnown, type Mask } from '../../crew/mask.ts'
import { publish } from '../../crew/crew-pages.ts'
import { hasCard, postTaskCard, tellTask } from '../../office/card.ts'
import { E_SIGNATURE } from '../../office/ports.ts'
import { guestNote } from '../../signing/guests.ts'
import { requestSignatures } from '../../signing/ask.ts'
import { isLive, type SignatureRequest } from '../../signing/request.ts'
import { openRequests } from '../../signing/signing.ts'
import type { AgentPorts } from '../ports.ts'
import type { Tool, ToolContext, ToolResult } from './tool.ts'

/**
 * Tools on the crew page and the signatures of the charter that the task is about. Which charter that is stands in the task's record: the model
 * names none, and no guest's contact, link or address is ever in a result.
 */

const NO_CHARTER = { kind: 'error' as const, message: 'This task is not about a charter, so it has no page and no guests.' }
const NOT_THERE = { kind: 'error' as const, message: 'The charter of this task is not in the port sheet.' }

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

type Found = NonNullable<Awaited<ReturnType<AgentPorts['charterReader']['find']>>>

async function withCharter(
  ports: AgentPorts,
  { task }: ToolContext,
  body: (found: Found, charterId: string) => Promise<ToolResult>,
): Promise<ToolResult> {
  if (task.charterId === null) return NO_CHARTER
  const found = await ports.charterReader.find(task.charterId)
  return found === null ? NOT_THERE : body(found, task.charterId)
}

/** What a person need not be asked about: it could not be done after a yes either. */
async function refuse({ charterReader }: AgentPorts, { task, office }: ToolContext): Promise<string | null> {
  if (task.charterId === null) return NO_CHARTER.message
  if (office === null) return 'There is no public address, so there are no pages and nothing to sign at.'
  return (await charterReader.find(task.charterId)) === null ? NOT_THERE.message : null
}

const nothing = z.strictObject({})

export const readCrewPage: Tool<z.output<typeof nothing>> = {
  name: 'read_crew_page',
  description: "Reads the crew page of this task's charter: what it shows, its checklist and notes, and whether somebody has opened it.",
  input: nothing,
  reach: () => 'read',
  describe: () => ({ title: 'Read the crew page', fields: [] }),
  inside: (ports, context) =>
    withCharter(ports, context, async (_found, charterId) => {
      const page = await ports.crewPages.findLive(charterId)
      if (page === null) return { kind: 'data', source: 'crew page', data: 'There is none yet; update_crew_page makes it.' }
      const [newest] = await ports.crewPages.versions(page.id)
      const data = { version: page.version, openedAt: iso(page.openedAt), content: newest?.content ?? null }
      return { kind: 'data', source: 'crew page', data }
    }),
}

const line = z.string().trim().min(1).max(120)
const pageInput = z.strictObject({
  checklist: z
    .array(z.strictObject({ title: z.string().trim().min(1).max(60), items: z.array(line).min(1).max(20) }))
    .max(6)
    .optional()
    .describe('In place of the whole checklist. Left out: it stays as it is.'),
  notes: z
    .string()
    .trim()
    .max(800)
    .optional()
    .describe('What the crew should know beside the notes of the port sheet. Left out: it stays.'),
})

export const updateCrewPage: Tool<z.output<typeof pageInput>> = {
  name: 'update_crew_page',
  description:
    "Makes the crew page of this task's charter, or changes its checklist and notes. Times, people and vessel come from the port sheet.",
  input: pageInput,
  // Crews read it.
  reach: () => 'write',
  refuse,
  describe: ({ checklist, notes }) => ({
    title: 'Change the crew page of this charter',
    fields: [
      ...(notes === undefined ? [] : [{ label: 'Notes for the crew', value: notes }]),
      ...(checklist ?? []).map(({ title, items }) => ({ label: title, value: items.join('\n') })),
    ],
  }),
  inside: (ports, context, { checklist, notes }) =>
    withCharter(ports, context, async (found) => {
      if (context.office === null) return { kind: 'error', message: 'There is no public address, so there are no pages.' }
      const own = { ...(checklist === undefined ? {} : { checklist }), ...(notes === undefined ? {} : { notes }) }
      const published = await publish(ports, context.office.crew, { ...found, ...own, by: null }, context.now)
      if (published.kind === 'too-late') return { kind: 'error', message: 'The charter has sailed; its page has ended.' }
      // The card has the link.
      await postTaskCard(ports, context.task, context.now)
      return { kind: 'data', source: 'crew page', data: { result: published.kind, version: published.page.version } }
    }),
}

const toData = (request: SignatureRequest, mask: Mask): Record<string, unknown> => ({
  id: request.id,
  guest: request.guest,
  state: request.state,
  sentAt: iso(request.sentAt),
  reminders: request.reminders.length,
  openedAt: iso(request.viewedAt),
  // Guests leave their number there: whoever has to call finds it in the port sheet.
  declineReason: request.declineReason === null ? null : mask(request.declineReason),
})

export const listSignatures: Tool<z.output<typeof nothing>> = {
  name: 'list_signatures',
  description:
    "Lists the signature requests of this task's charter by guest, and tells when it sails and which other charters have open ones.",
  input: nothing,
  reach: () => 'read',
  describe: () => ({ title: 'List signatures', fields: [] }),
  inside: (ports, context) =>
    withCharter(ports, context, async ({ charter }, charterId) => {
      const mask = maskKnown(charter, context.privateFields).free
      const others = (await openRequests(ports, context.now)).filter((open) => open.charterId !== charterId)
      const data = {
        sailsAt: iso(charter.startsAt),
        hasContact: charter.contact.trim() !== '',
        requests: (await ports.signing.ofCharter(charterId)).slice(0, 60).map((request) => toData(request, mask)),
        otherCharters: others.slice(0, 20).map((open) => ({ id: open.charterId, sailsAt: iso(open.startsAt), open: open.requests.length })),
      }
      return { kind: 'data', source: 'signatures', data }
    }),
}

const askInput = z.strictObject({
  again: z
    .array(z.string().trim().min(1).max(100))
    .max(20)
    .default([])
    .describe('Guests to ask once more although they declined or signed for old details.'),
})

export const requestSignaturesTool: Tool<z.output<typeof askInput>> = {
  name: 'request_signatures',
  description:
    'Prepares a signature request for each guest that the port sheet names and that has none. Nothing is sent: a person sends each one from Slack. To ask somebody again needs a person to agree.',
  input: askInput,
  // Whether somebody who said no is asked once more is a person's to decide.
  reach: ({ again }) => (again.length === 0 ? 'session' : 'write'),
  refuse,
  describe: ({ again }) => ({
    title: 'Prepare signature requests',
    fields: again.length === 0 ? [] : [{ label: 'Again', value: again.join(', ') }],
  }),
  inside: (ports, context, { again }) =>
    withCharter(ports, context, async ({ charter }) => {
      if (context.office === null) return { kind: 'error', message: 'There is no public address, so there is nothing to sign at.' }
      const asked = await requestSignatures(ports, context.office.signing, { charter, by: null, again }, context.now)
      if (asked.kind === 'too-late') return { kind: 'error', message: 'The charter has sailed.' }
      await postTaskCard(ports, context.task, context.now)
      const names = (requests: readonly SignatureRequest[]): string[] => requests.map(({ guest }) => guest)
      const data = {
        prepared: names(asked.made),
        open: names(asked.kept),
        signed: names(asked.signed),
        signedForOldDetails: names(asked.signedForOldDetails),
        declined: names(asked.declined),
        aboutTheList: guestNote(asked.guests),
      }
      return { kind: 'data', source: 'signatures', data }
    }),
}

const remindInput = z.strictObject({ ids: z.array(z.int().positive()).min(1).max(40).describe('Requests, by the ids of list_signatures.') })

export const suggestReminders: Tool<z.output<typeof remindInput>> = {
  name: 'suggest_reminders',
  description: 'Asks the people of the office to remind guests. They see it in Slack, with the text ready, and send it themselves.',
  input: remindInput,
  reach: () => 'session',
  describe: ({ ids }) => ({ title: 'Suggest reminders', fields: [{ label: 'Requests', value: ids.join(', ') }] }),
  inside: (ports, context, { ids }) =>
    withCharter(ports, context, async (_found, charterId) => {
      const own = (await ports.signing.ofCharter(charterId)).filter((request) => ids.includes(request.id) && isLive(request))
      if (own.length === 0)
        return { kind: 'error', message: 'None of these is an open request of this charter. list_signatures gives the ids.' }
      const shown = await taskWithCard(ports, context, charterId)
      await tellTask(ports, shown, { type: 'reminder-wanted', guests: own.map(({ guest }) => guest) }, context.now)
      return { kind: 'data', source: 'signatures', data: { suggested: own.map(({ guest }) => guest) } }
    }),
}

/** The task on whose card the charter's signatures stand; when there is none yet, this one gets it. */
async function taskWithCard(ports: AgentPorts, { task, now }: ToolContext, charterId: string): Promise<ToolContext['task']> {
  const about = (await ports.tasks.aboutCharter(charterId)).filter(({ kind }) => kind === E_SIGNATURE)
  for (const one of about) if (one.id !== task.id && (await hasCard(ports, one.id))) return one
  await postTaskCard(ports, task, now)
  return task
}
