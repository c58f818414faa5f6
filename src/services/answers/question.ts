import type { Usage } from '../model/model.ts'

/** A question that somebody wrote in the thread of an incident, to be answered once. Times are UTC milliseconds. */
export interface Question {
  readonly id: number
  /** Slack's id of the event that brought it. */
  readonly eventId: string
  readonly incidentId: number
  /** The Slack user who asked. */
  readonly asker: string
  readonly text: string
  readonly askedAt: number
  readonly state: 'waiting' | 'answered'
}

/** So many calls of the model may be made for one question, whatever crashes; the table allows no more. */
export const MOST_CALLS = 2

/** Which call for which question. */
export interface CallOf {
  readonly questionId: number
  /** Counts from 1. */
  readonly n: number
}

/** Questions, and what the calls for them cost: reserved at its worst before a call, corrected after it. Money is millionths of a dollar. */
export interface QuestionStore {
  /** Null: the event was asked about before. */
  add(question: Omit<Question, 'id' | 'state'>): Promise<Question | null>
  find(id: number): Promise<Question | null>
  /** `waiting -> answered`. False: it was answered before. */
  markAnswered(id: number, by: 'claude' | 'runbook', at: number): Promise<boolean>
  /** The calls that were begun for it. */
  calls(questionId: number): Promise<number>
  /** Throws beyond MOST_CALLS. A call that never comes back stays charged at its worst. */
  reserve(call: CallOf, reserved: { readonly day: string; readonly worst: number; readonly at: number }): Promise<void>
  settle(call: CallOf, charged: { readonly cost: number; readonly usage: Usage | null }): Promise<void>
  /** All that was charged or is reserved on a UTC day. */
  spentOn(day: string): Promise<number>
  /** Questions about an incident that Claude was asked since then, but for one. */
  askedSince(incidentId: number, since: number, except: number): Promise<number>
}

export interface QuestionPorts {
  readonly questions: QuestionStore
}
