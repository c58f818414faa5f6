import type { Clock } from '../../clock.ts'
import { redact, type Log } from '../../log.ts'
import type { UnitOfWork } from '../../unit-of-work.ts'
import type { Incident } from '../incidents/incident.ts'
import type { IncidentPorts, ThreadAnswer } from '../incidents/ports.ts'
import { runbookSectionOf } from '../incidents/wording.ts'
import type { Model, ModelRequest } from '../model/model.ts'
import { costOf, type Price } from '../model/prices.ts'
import type { WorkPorts } from '../work/work.ts'
import { decideAsk, decideFailed, decideReplied, type After, type Why } from './decide.ts'
import { clean, gatherFacts, type FactPorts, type Facts } from './facts.ts'
import { promptOf, requestFor, worstOf } from './prompt.ts'
import type { CallOf, Question, QuestionPorts } from './question.ts'
import { dayOf } from './quota.ts'
import type { QuestionSettings } from './settings.ts'

export type AnswerPorts = FactPorts & IncidentPorts & QuestionPorts & WorkPorts

/** How answers look. `now`: what ages are counted to. */
export interface AnswerWords {
  /** Words of the model: to be shown as text that means nothing to Slack. */
  claude(text: string, facts: Facts, now: number): ThreadAnswer
  runbook(incident: Incident, section: string | null, why: Why, now: number): ThreadAnswer
}

/** All that questions are answered with. Money is millionths of a dollar. */
export interface Answers {
  readonly uow: UnitOfWork<AnswerPorts>
  readonly clock: Clock
  readonly log: Log
  /** Null: no key for Claude is set. */
  readonly model: Model | null
  readonly settings: QuestionSettings
  readonly price: Price
  /** Of a UTC day, apart from that of sessions. 0: Claude is not asked. */
  readonly budget: number
  /** The sections of the runbook by name. */
  readonly runbook: ReadonlyMap<string, string>
  readonly words: AnswerWords
}

/** How a try ended; `commit` belongs into the transaction that ends the run. */
export interface Tried {
  readonly outcome: 'claude' | 'runbook' | 'again' | 'nothing'
  readonly summary: string
  readonly commit: (ports: AnswerPorts) => Promise<void>
}

interface Asked {
  readonly question: Question
  readonly incident: Incident
  readonly section: string | null
}

interface Prepared extends Asked {
  readonly facts: Facts
  readonly request: ModelRequest
  readonly call: CallOf
}

const LONGEST_QUESTION = 2000
const HOUR_MS = 3_600_000

/** Somebody waits in the thread. */
const PATIENCE_MS = 25_000

async function find(answers: Pick<Answers, 'runbook'>, ports: AnswerPorts, id: number): Promise<Asked | null> {
  const question = await ports.questions.find(id)
  const incident = question?.state === 'waiting' ? await ports.incidents.find(question.incidentId) : null
  if (question === null || incident === null) return null
  return { question, incident, section: answers.runbook.get(runbookSectionOf(incident.kind)) ?? null }
}

/** The answer and its mark together, so that neither is there without the other, and neither twice. */
async function post(ports: AnswerPorts, { question, incident }: Asked, answer: ThreadAnswer, by: 'claude' | 'runbook', now: number) {
  if (!(await ports.questions.markAnswered(question.id, by, now))) return
  const lane = `incident:${incident.id}`
  const dispatch = { kind: 'answer' as const, incidentId: incident.id, ...answer }
  await ports.outbox.add({ key: `${lane}:answer:${question.eventId}`, target: 'slack', lane, dispatch }, now)
}

/** Before the call: whether it may be made, and its worst cost set aside. What is set aside is given back only when it is known. */
async function prepare(answers: Answers, ports: AnswerPorts, id: number, now: number): Promise<Prepared | (Asked & { why: Why }) | null> {
  const asked = await find(answers, ports, id)
  if (asked === null) return null
  const { question, incident, section } = asked
  const facts = await gatherFacts(ports, incident, section, now)
  const request = requestFor(answers.settings, promptOf(clean(question.text, LONGEST_QUESTION), facts.sources, now))
  const day = dayOf(now)
  const calls = await ports.questions.calls(id)
  const worst = worstOf(request, answers.price)
  const choice = decideAsk({
    hasModel: answers.model !== null,
    budget: answers.budget,
    spentToday: await ports.questions.spentOn(day),
    worst,
    calls,
    askedLately: await ports.questions.askedSince(incident.id, now - HOUR_MS, id),
  })
  if (choice.do === 'tell') return { ...asked, why: choice.why }
  const call = { questionId: id, n: calls + 1 }
  await ports.questions.reserve(call, { day, worst, at: now })
  return { ...asked, facts, request, call }
}

function tell(answers: Answers, asked: Asked, why: Why, now: number, settle: Tried['commit'] = () => Promise.resolve()): Tried {
  const answer = answers.words.runbook(asked.incident, asked.section, why, now)
  return {
    outcome: 'runbook',
    summary: `question ${asked.question.id} was answered from the runbook (${why})`,
    commit: async (ports) => {
      await settle(ports)
      await post(ports, asked, answer, 'runbook', now)
    },
  }
}

/** One call, given up when somebody has waited too long. */
async function call(answers: Answers, model: Model, { request, call: { questionId, n } }: Prepared, signal: AbortSignal) {
  const late = new AbortController()
  const cancel = answers.clock.after(PATIENCE_MS, () => {
    late.abort()
  })
  try {
    const answer = await model.send(request, AbortSignal.any([signal, late.signal]))
    if (answer.kind === 'failed') {
      const { failure } = answer
      answers.log.warn(
        'questions',
        `question ${questionId}: no reply (${failure.class}, ${failure.code}, request ${failure.requestId ?? 'unknown'})`,
      )
      // What may have been charged stays charged at its worst.
      return { after: decideFailed(failure, n), charged: failure.mayBeCharged ? null : { cost: 0, usage: null } }
    }
    const { usage } = answer.reply
    return { after: decideReplied(answer.reply, n), charged: { cost: costOf(usage, answers.price), usage } }
  } finally {
    cancel()
  }
}

function end(answers: Answers, prepared: Prepared, after: After, settle: Tried['commit'], now: number): Tried {
  const { question, facts } = prepared
  if (after.do === 'tell') return tell(answers, prepared, after.why, now, settle)
  if (after.do === 'again') {
    const request = { job: 'answer-question' as const, subject: String(question.id), dueAt: now + after.waitMs, by: question.asker }
    return {
      outcome: 'again',
      summary: `question ${question.id} is asked once more`,
      commit: async (ports) => {
        await settle(ports)
        await ports.work.schedule({ ...request, reason: 'retry' })
      },
    }
  }
  // A second net: nothing that it was given holds a credential.
  const answer = answers.words.claude(redact(after.text), facts, now)
  return {
    outcome: 'claude',
    summary: `question ${question.id} was answered by Claude`,
    commit: async (ports) => {
      await settle(ports)
      await post(ports, prepared, answer, 'claude', now)
    },
  }
}

const NOTHING: Tried = { outcome: 'nothing', summary: 'answered already', commit: () => Promise.resolve() }

/** Answers a question, or tries to. A process may die anywhere in here: what was set aside stays charged, and nothing is answered twice. */
export async function answerQuestion(answers: Answers, id: number, signal: AbortSignal): Promise<Tried> {
  const prepared = await answers.uow.run((ports) => prepare(answers, ports, id, answers.clock.now()))
  if (prepared === null) return NOTHING
  if ('why' in prepared || answers.model === null)
    return tell(answers, prepared, 'why' in prepared ? prepared.why : 'off', answers.clock.now())
  const { after, charged } = await call(answers, answers.model, prepared, signal)
  const settle: Tried['commit'] = async ({ questions }) => {
    if (charged !== null) await questions.settle(prepared.call, charged)
  }
  return end(answers, prepared, after, settle, answers.clock.now())
}

/** The way out when our own code broke, or hung: the runbook needs neither. */
export async function answerAnyway(answers: Answers, ports: AnswerPorts, id: number, now: number): Promise<void> {
  const asked = await find(answers, ports, id)
  if (asked !== null) await post(ports, asked, answers.words.runbook(asked.incident, asked.section, 'fault', now), 'runbook', now)
}

/** Takes in what somebody asked, once; it is answered by a run of its own. */
export async function ask(
  { questions, work }: QuestionPorts & WorkPorts,
  question: Omit<Question, 'id' | 'state' | 'askedAt'>,
  now: number,
): Promise<void> {
  const added = await questions.add({ ...question, askedAt: now })
  if (added === null) return
  await work.demand({ job: 'answer-question', subject: String(added.id), dueAt: now, reason: 'operator', by: question.asker })
}
