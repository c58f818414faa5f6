import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { wellCollector } from './host-samples.ts'
import { createScaledClock } from './scaled-clock.ts'

/**
 * The unmodified bot in a process of its own, on a fast clock, that kills itself with SIGKILL right after its
 * `KILL_AFTER_WRITE`-th committed write, if that is set. Says `write` for each, so that they can be counted.
 */
const { KILL_AFTER_WRITE, CLOCK_BASE, CLOCK_REAL_BASE, CLOCK_FACTOR, ...env } = process.env
const deadly = Number(KILL_AFTER_WRITE ?? 0)
let writes = 0
const app = await createApp(readConfig(env), {
  clock: createScaledClock(Number(CLOCK_BASE), Number(CLOCK_REAL_BASE), Number(CLOCK_FACTOR)),
  collector: wellCollector,
  // The story needs no regular tick: what must happen next is in the database.
  ticker: { start: () => ({ stop: () => undefined }) },
  commitHooks: {
    afterWrite: () => {
      writes += 1
      process.stdout.write('write\n')
      if (writes === deadly) process.kill(process.pid, 'SIGKILL')
    },
  },
})
await app.start()
process.stdout.write('ready\n')
