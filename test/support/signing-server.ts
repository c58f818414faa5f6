import { onTestFinished } from 'vitest'
import { createAssets } from '../../src/bot/routes/assets.ts'
import { createHttpServer } from '../../src/bot/routes/server.ts'
import { createSignRoute, type GuestAct } from '../../src/bot/routes/sign.ts'
import type { Signature } from '../../src/services/signing/evidence.ts'
import type { SignatureRequest } from '../../src/services/signing/request.ts'
import type { Charter } from '../../src/services/sheets/charter.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { createTestLog, type TestLog } from './job-log.ts'
import { openTestDatabase, type TestDatabase } from './repo-database.ts'
import { ask, NOW, tokenOf } from './signing-samples.ts'

export interface SigningServer {
  readonly store: TestDatabase
  readonly clock: FakeClock
  readonly log: TestLog
  readonly url: string
  /** What the office would be told. */
  readonly acts: GuestAct[]
  readonly requests: readonly SignatureRequest[]
  /** Address of a guest's page, by the guest's place in the sheet. */
  address(guest?: number): string
  request(guest?: number): Promise<SignatureRequest>
  signature(guest?: number): Promise<Signature | null>
}

/** The signing page on a real port over a real store, with a request for each guest of the sample charter. */
export async function openSigningServer(
  options: { charter?: Partial<Charter>; template?: string; trustProxy?: boolean; publicUrl?: string } = {},
): Promise<SigningServer> {
  const store = await openTestDatabase()
  const clock = createFakeClock(NOW)
  const log = createTestLog()
  const acts: GuestAct[] = []
  const assets = createAssets()
  const asked = await ask(store, options.charter, options.template === undefined ? {} : { template: options.template })
  const route = createSignRoute({
    uow: store.uow,
    clock,
    log,
    trustProxy: options.trustProxy ?? false,
    publicUrl: options.publicUrl,
    zone: 'America/Los_Angeles',
    scripts: assets.signing,
    happened: (_ports, act) => {
      acts.push(act)
      return Promise.resolve()
    },
  })
  const server = createHttpServer({
    log,
    port: 0,
    host: '127.0.0.1',
    slackEvents: null,
    routes: assets.routes,
    pages: { '/sign/:token': route },
  })
  const url = `http://127.0.0.1:${await server.start()}`
  onTestFinished(() => server.stop())
  const of = (guest: number): SignatureRequest => {
    const found = asked.made[guest]
    if (found === undefined) throw new Error(`no guest ${guest}`)
    return found
  }
  return {
    store,
    clock,
    log,
    url,
    acts,
    requests: asked.made,
    address: (guest = 0) => `${url}/sign/${tokenOf(of(guest))}`,
    request: async (guest = 0) => {
      const found = await store.uow.run(({ signing }) => signing.find(of(guest).id))
      if (found === null) throw new Error('gone')
      return found
    },
    signature: (guest = 0) => store.uow.run(({ signing }) => signing.signature(of(guest).id)),
  }
}
