/** What a session asks of a person. `settle`: nobody knows whether a call took effect. */
export type RequestWhat =
  | {
      readonly type: 'approval'
      readonly tool: string
      /** Checked arguments, in words made by code. */ readonly title: string
      readonly fields: readonly RequestField[]
    }
  | { readonly type: 'question'; readonly question: string; readonly choices: readonly string[] }
  | {
      readonly type: 'settle'
      readonly tool: string
      readonly title: string
      readonly fields: readonly RequestField[]
      readonly where: string
    }

export interface RequestField {
  readonly label: string
  readonly value: string
}

/** `withdrawn`: its session ended before anybody answered. */
export type RequestState = 'open' | 'approved' | 'rejected' | 'answered' | 'happened' | 'not-happened' | 'expired' | 'withdrawn'

/** One question to a person, about one call of the model. Texts of the model in it are untrusted. */
export interface PersonRequest {
  readonly id: number
  readonly sessionId: number
  readonly toolUseId: string
  readonly what: RequestWhat
  /** Hash of the tool and its arguments: what was approved is what is done. */
  readonly argumentsHash: string
  readonly state: RequestState
  readonly version: number
  readonly askedAt: number
  readonly expiresAt: number | null
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly answer: string | null
}

/** A person's decision. */
export type Decision =
  | { readonly do: 'approve' | 'reject' | 'happened' | 'not-happened'; readonly by: string }
  | { readonly do: 'answer'; readonly by: string; readonly text: string }
  | { readonly do: 'expire' }
  | { readonly do: 'withdraw' }

const ALLOWED: Readonly<Record<RequestWhat['type'], readonly Decision['do'][]>> = {
  approval: ['approve', 'reject', 'expire', 'withdraw'],
  question: ['answer', 'expire', 'withdraw'],
  settle: ['happened', 'not-happened', 'withdraw'],
}

const STATE: Readonly<Record<Decision['do'], RequestState>> = {
  approve: 'approved',
  reject: 'rejected',
  answer: 'answered',
  happened: 'happened',
  'not-happened': 'not-happened',
  expire: 'expired',
  withdraw: 'withdrawn',
}

/** The request after a decision; null: it is decided already, or this is no answer to it. An expired one can only expire. */
export function decideRequest(request: PersonRequest, decision: Decision, now: number): PersonRequest | null {
  if (request.state !== 'open' || !ALLOWED[request.what.type].includes(decision.do)) return null
  const isOver = request.expiresAt !== null && request.expiresAt <= now
  if (decision.do === 'expire' ? !isOver : isOver && decision.do !== 'withdraw') return null
  return {
    ...request,
    state: STATE[decision.do],
    version: request.version + 1,
    decidedBy: 'by' in decision ? decision.by : null,
    decidedAt: now,
    answer: decision.do === 'answer' ? decision.text : null,
  }
}
