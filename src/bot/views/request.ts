import type { Button, KnownBlock } from '@slack/types'
import type { PersonRequest, RequestField, RequestState, RequestWhat } from '../../services/agent/request.ts'
import type { RequestView } from '../../services/agent/view.ts'
import { ACTION, cardValue, choiceAction } from './action-ids.ts'
import { fitted, label, outside, person, quoted, quotedSections, toldContext, toldFields, toldSection, unlinked } from './agent-text.ts'
import type { MessageView } from './alert.ts'
import { actions, button } from './blocks.ts'
import { COLOR } from './colors.ts'
import { moment } from './text.ts'

/** Cards on which a person decides. What they say is made from checked fields; words of the model are quoted as such. */

/** Values up to this length stand side by side. */
const SHORT = 80
/** Characters of all fields together: a message takes some 12,000. */
const ROOM = 9500
const LEAST = 200
const MOST_FIELDS = 24

const isShort = ({ value }: RequestField): boolean => value.length <= SHORT && !value.includes('\n')

/** All fields; long ones share the room, and each says when it was cut: nobody approves unknowingly what they cannot see. */
function fieldBlocks(fields: readonly RequestField[]): KnownBlock[] {
  const shown = fields.slice(0, MOST_FIELDS)
  const short = shown
    .filter((field) => isShort(field))
    .map(({ label, value }) => [fitted(label, 60), fitted(value, SHORT * 2) || '(empty)'] as const)
  const long = shown.filter((field) => !isShort(field))
  const taken = short.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  const each = Math.max(LEAST, Math.floor((ROOM - taken) / Math.max(1, long.length)))
  const rows: KnownBlock[] = []
  for (let at = 0; at < short.length; at += 10) rows.push(toldFields(short.slice(at, at + 10)))
  const left = fields.length - shown.length
  return [
    ...rows,
    ...long.flatMap(({ label, value }) => quotedSections(`*${fitted(label, 60)}*`, value, each)),
    ...(left > 0 ? [toldSection(`_${left} more fields are not shown here._`)] : []),
  ]
}

const CHOICES = 5

function questionBlocks({ question, choices }: Extract<RequestWhat, { type: 'question' }>, isOpen: boolean): KnownBlock[] {
  // What does not fit on its button.
  const long = choices.slice(0, CHOICES).filter((choice) => choice.length > 75)
  const list =
    long.length === 0
      ? []
      : [
          toldSection(
            choices
              .slice(0, CHOICES)
              .map((choice) => quoted(choice, 400))
              .join('\n'),
          ),
        ]
  return [toldSection(`*The session ${isOpen ? 'asks' : 'asked'}:*\n${quoted(question, 2500)}`), ...(isOpen ? list : [])]
}

function whatBlocks(what: RequestWhat, isOpen: boolean): KnownBlock[] {
  switch (what.type) {
    case 'approval':
      return [
        toldSection(`*${isOpen ? 'May the session do this?' : 'The session asked to do this:'}*\n${fitted(what.title, 300)}`),
        ...fieldBlocks(what.fields),
      ]
    case 'question':
      return questionBlocks(what, isOpen)
    case 'settle':
      return [
        toldSection(
          `*${isOpen ? 'Nobody knows whether this took effect.' : 'It was not known whether this took effect:'}*\n${fitted(what.title, 300)}`,
        ),
        ...fieldBlocks(what.fields),
        ...(isOpen
          ? [
              toldSection(
                `The bot was interrupted while it did this, and does not do it again unasked. *Where to look:* ${fitted(what.where, 500)}`,
              ),
            ]
          : []),
      ]
  }
}

function buttonsOf(request: PersonRequest): Button[] {
  const { what } = request
  const value = cardValue(request)
  switch (what.type) {
    case 'approval':
      return [button(ACTION.approve, 'Approve', { value, style: 'primary' }), button(ACTION.reject, 'Reject', { value, style: 'danger' })]
    case 'question':
      return what.choices.slice(0, CHOICES).map((choice, index) => button(choiceAction(index), label(choice), { value }))
    case 'settle':
      return [button(ACTION.happened, 'It happened', { value }), button(ACTION.notHappened, 'It did not happen', { value })]
  }
}

function openBlocks(request: PersonRequest): KnownBlock[] {
  const buttons = buttonsOf(request)
  const hint = request.what.type === 'question' ? [buttons.length > 0 ? 'Or answer in this thread.' : 'Answer in this thread.'] : []
  const after = request.what.type === 'question' ? 'the session goes on without an answer' : 'nothing is done'
  const expiry =
    request.expiresAt === null ? ['It waits until somebody decides.'] : [`Expires ${moment(request.expiresAt)}; then ${after}.`]
  return [...(buttons.length > 0 ? [actions(buttons)] : []), toldContext([...hint, ...expiry, 'For operators.'].join(' '))]
}

/** How it was decided, by whom and when. */
function decisionText(request: PersonRequest): string {
  const who = person(request.decidedBy)
  const when = moment(request.decidedAt)
  const words: Readonly<Record<Exclude<RequestState, 'open'>, string>> = {
    approved: `*Approved* by ${who}, ${when}. The session does it now.`,
    rejected: `*Rejected* by ${who}, ${when}. It was not done.`,
    answered: `*Answered* by ${who}, ${when}:\n${quoted(request.answer ?? '', 1500)}`,
    happened: `*It happened*, says ${who}, ${when}. It is not done again.`,
    'not-happened': `*It did not happen*, says ${who}, ${when}. The session may do it again.`,
    expired: `*Expired* ${when}: nobody decided in time.${request.what.type === 'approval' ? ' It was not done.' : ''}`,
    withdrawn: `*Withdrawn* ${when}: the session ended before anybody decided.${request.what.type === 'approval' ? ' It was not done.' : ''}`,
  }
  return request.state === 'open' ? '' : words[request.state]
}

const COLORS: Readonly<Record<RequestState, string>> = {
  open: COLOR.amber,
  approved: COLOR.green,
  rejected: COLOR.grey,
  answered: COLOR.green,
  happened: COLOR.green,
  'not-happened': COLOR.green,
  expired: COLOR.grey,
  withdrawn: COLOR.grey,
}

const HEAD: Readonly<Record<RequestWhat['type'], string>> = {
  approval: 'Approval wanted',
  question: 'Question',
  settle: 'Nobody knows whether this took effect',
}

const ENDED: Readonly<Record<Exclude<RequestState, 'open'>, string>> = {
  approved: 'Approved',
  rejected: 'Rejected',
  answered: 'Answered',
  happened: 'It happened',
  'not-happened': 'It did not happen',
  expired: 'Expired',
  withdrawn: 'Withdrawn',
}

/** Words alone: for notifications and screen readers. A question is never a headline, because the model wrote it. */
function textOf({ request, task }: RequestView): string {
  const { what, state } = request
  const head = state === 'open' ? HEAD[what.type] : ENDED[state]
  if (what.type !== 'question') return `${head}: ${unlinked(outside(what.title, 150))}`
  const whose = `of session ${request.sessionId} on task ${task.id}`
  return state === 'open' ? `${head} ${whose}` : `${head}: question ${whose}`
}

/**
 * The card of a request, in the thread of its session's: buttons while it is open, then who decided. A thread is seen by those who
 * follow it, so an open request names the operator on duty.
 */
export function requestView(view: RequestView, onDuty?: string): MessageView {
  const { request, session, task } = view
  const fallback = textOf(view)
  const text = request.state === 'open' && onDuty !== undefined ? `${person(onDuty)} ${fallback}` : fallback
  const blocks = [
    ...whatBlocks(request.what, request.state === 'open'),
    ...(request.state === 'open' ? openBlocks(request) : [toldSection(decisionText(request))]),
    toldContext(
      `Request ${request.id} · session ${session.id} on task ${task.id}: ${fitted(task.title, 200)} · asked ${moment(request.askedAt)}`,
    ),
  ]
  return { text, attachments: [{ color: COLORS[request.state], fallback, blocks }] }
}

/** Why a click changed nothing. */
export function lateText(request: PersonRequest): string {
  switch (request.state) {
    case 'open':
    case 'expired':
      return `This expired${request.expiresAt === null ? '' : ` ${moment(request.expiresAt)}`}; nothing was changed.`
    case 'withdrawn':
      return 'The session has ended, so nothing is asked here any more.'
    case 'approved':
    case 'rejected':
    case 'answered':
    case 'happened':
    case 'not-happened':
      return `Already decided by ${person(request.decidedBy)}, ${moment(request.decidedAt)}: ${ENDED[request.state].toLowerCase()}. Nothing was changed.`
  }
}
