import type { Answer, MessagesRequest } from '../types.ts'
import { readTalk } from './conversation.ts'
import type { TaskSeen, Talk } from './conversation.ts'
import { readQuestion, thinkAboutQuestion } from './question.ts'
import { scriptFor } from './scripts.ts'
import { call, words } from './steps.ts'
import { handOverOf } from './wording.ts'

/** What the model says next. It decides from the conversation alone, so that a session can be taken up by anybody. */
export function thinkAbout(request: MessagesRequest): Answer {
  const asked = readQuestion(request)
  if (asked !== undefined) return thinkAboutQuestion(asked)
  const talk = readTalk(request)
  if (!talk.mayCall) return words(handOverOf(talk))
  return talk.task === undefined ? withoutTask(talk) : withTask(talk, talk.task)
}

function withoutTask(talk: Talk): Answer {
  const asked = talk.calls.some(({ name }) => name === 'read_task')
  return (asked ? undefined : call(talk, 'read_task', {})) ?? words('I was given no task that I can read.')
}

function withTask(talk: Talk, task: TaskSeen): Answer {
  for (const step of scriptFor(task).steps) {
    const answer = step(talk)
    if (answer !== undefined) return answer
  }
  return words('I can do no more with the tools that I was given.')
}
