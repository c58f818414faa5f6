import type { Session } from '../../services/agent/session.ts'
import type { TaskState } from '../../services/tasks/task.ts'

/** Words for states that several views share. */

export const TASK_STATE: Readonly<Record<TaskState, string>> = {
  queued: 'queued',
  running: 'running',
  waiting: 'waiting for a person',
  'needs-person': 'needs a person',
  done: 'done',
  failed: 'failed: two sessions reached their limit',
  cancelled: 'cancelled',
}

export const LIMIT: Readonly<Record<NonNullable<Session['handingOver']>, string>> = {
  turns: 'all its turns are used',
  tokens: 'its tokens are used up',
  dollars: 'its money is used up',
  context: 'it has read as much as fits',
}

/** How a session stands, in a few words that can follow a colon. */
export function sessionState(session: Pick<Session, 'status' | 'wait' | 'step' | 'handingOver'>): string {
  switch (session.status) {
    case 'running':
      return session.handingOver === null ? 'running' : 'handing over'
    case 'waiting':
      return session.wait?.for === 'budget'
        ? 'waiting, the budget of the day is used up'
        : session.wait?.for === 'model'
          ? 'waiting, Claude cannot be used now'
          : 'waiting for a person'
    case 'finished':
      return 'finished'
    case 'ran-out':
      return 'reached its limit'
    case 'gave-up':
      return 'given up'
    case 'cancelled':
      // Stopping ends only the session; cancelling its task, too.
      return session.step === 'stopped' ? 'stopped' : 'cancelled'
  }
}
