import { json, type Route } from './reply.ts'

/** `GET /healthz`: 200 while the loops turn, 503 with the reason otherwise. `problems` gives the reasons, none when all is well. */
export function createHealthRoute(problems: () => readonly string[]): Route {
  return () => {
    const found = problems()
    return Promise.resolve(found.length === 0 ? json(200, { ok: true }) : json(503, { ok: false, problems: found }))
  }
}
