import { createMetricsRoute } from '../bot/routes/metrics.ts'
import type { ApiRoute } from '../bot/routes/reply.ts'
import { readMetrics } from '../services/status/read-metrics.ts'
import type { Core } from './core.ts'

/** The store's figures, and the two that only the process knows. `lastLookAt`: monotonic; null before the loops have looked. */
export function metricsRoute({ uow, clock, config }: Core, lastLookAt: () => number | null): ApiRoute {
  return createMetricsRoute({
    read: async () => {
      const lastLook = lastLookAt()
      const silence = lastLook === null ? [] : [{ labels: null, value: (clock.monotonic() - lastLook) / 1000 }]
      return [
        ...(await readMetrics(uow, config.agent, clock.now())),
        { name: 'jada_loop_silence_seconds', help: 'Time since the loop that is silent longest has looked.', samples: silence },
        {
          name: 'process_resident_memory_bytes',
          help: 'Memory of the process.',
          samples: [{ labels: null, value: process.memoryUsage.rss() }],
        },
      ]
    },
  })
}
