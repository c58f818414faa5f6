import { createLoopbackServer } from '../loopback-server.ts'
import { createFaultQueue } from './faults.ts'
import { createHandler } from './handler.ts'
import { createJournal } from './journal.ts'
import { MODELS } from './models.ts'
import { createPromptCache } from './prompt-cache.ts'
import type { Hook } from './reply.ts'
import type { Claude, ClaudeOptions } from './types.ts'

export type * from './types.ts'

/** The longest that the Messages API takes. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

/** A strict Messages API on loopback, whose model follows scripts. */
export function createClaude(options: ClaudeOptions): Claude {
  const { models = MODELS, now = Date.now, pause } = options
  const journal = createJournal()
  const faults = createFaultQueue()
  let { apiKey } = options
  let hook: Hook
  const handle = createHandler({
    apiKey: () => apiKey,
    hook: () => hook,
    models,
    now,
    faults,
    cache: createPromptCache(now),
    journal,
    pause: pause ?? (async () => undefined),
  })
  const server = createLoopbackServer(handle, { maxBodyBytes: MAX_BODY_BYTES })
  return {
    start: async () => ({ url: await server.listen(options.port ?? 0) }),
    stop: () => server.close(),
    setApiKey(key) {
      apiKey = key
      journal.changed('the API key was replaced')
    },
    addFault(fault) {
      faults.add(fault)
      journal.changed(`fault: ${fault.kind}`)
    },
    clearFaults() {
      faults.clear()
      journal.changed('faults cleared')
    },
    answerWith(answer) {
      hook = answer
    },
    requests: journal.requests,
    bodies: journal.bodies,
    on: (listener) => journal.on(listener),
    snapshot: () => ({ models: models.map(({ id }) => id), faults: faults.list(), ...journal.sums() }),
  }
}
