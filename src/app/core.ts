import { createConsentFlow, type ConsentFlow } from './consent-flow.ts'
import { systemClock, type Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Ticker } from '../jobs/cron.ts'
import { createLog, logTo, type Log } from '../log.ts'
import { systemRandom, type Random } from '../random.ts'
import type { Collector } from '../services/host/reading.ts'
import { createGoogleClient } from '../services/google/client.ts'
import { createSheetsApi } from '../services/google/sheets-api.ts'
import { createSealedBox } from '../sealed-box.ts'
import { accessToken } from '../services/google/tokens.ts'
import { migrate } from '../store/migrations.ts'
import { openDatabase, type CommitHooks, type OpenedDatabase } from '../store/sqlite.ts'
import { createUnitOfWork, type AllPorts } from '../store/unit.ts'
import type { UnitOfWork } from '../unit-of-work.ts'

/** What tests, and nobody else, put in the place of the real thing. */
export interface Overrides {
  readonly clock?: Clock
  readonly random?: Random
  readonly log?: Log
  readonly ticker?: Ticker
  readonly commitHooks?: CommitHooks
  /** False: no last will is kept, so that hours can pass in one step. */
  readonly lastWill?: boolean
  readonly collector?: Collector
}

/** The parts that the bot and the terminal scripts share, over one open database. */
export interface Core {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly random: Random
  readonly database: OpenedDatabase
  readonly uow: UnitOfWork<AllPorts>
  readonly accessToken: () => ReturnType<typeof accessToken>
  readonly probe: (token: string) => ReturnType<ReturnType<typeof createSheetsApi>['probe']>
  readonly consent: ConsentFlow
  readonly google: ReturnType<typeof createGoogleParts>
}

function createGoogleParts(config: Config, random: Random) {
  return {
    client: createGoogleClient(config.google),
    api: createSheetsApi({ spreadsheetId: config.sheet.id, rootUrl: config.google.sheetsUrl }),
    box: createSealedBox({ key: config.secretKey, previousKey: config.previousSecretKey, random }),
  }
}

/** Opens the database (made and migrated as needed) and joins Google's parts to it. `wake` is called when work was added, `unwritable` when the database cannot be written. */
export async function openCore(
  config: Config,
  overrides: Overrides,
  wake: () => void,
  unwritable?: (error: unknown) => void,
): Promise<Core> {
  const clock = overrides.clock ?? systemClock
  const random = overrides.random ?? systemRandom
  const log = overrides.log ?? createLog({ clock, write: logTo(config.logFile, (line) => process.stdout.write(line)) })
  const database = openDatabase(config.dataDir, overrides.commitHooks)
  await migrate(database.db)
  const uow = createUnitOfWork(database.db, unwritable, config.sns !== undefined)
  const google = createGoogleParts(config, random)
  return {
    config,
    clock,
    log,
    random,
    database,
    uow,
    google,
    accessToken: () => accessToken({ uow, client: google.client, box: google.box }, clock.now()),
    probe: (token) => google.api.probe(token),
    consent: createConsentFlow({ config, uow, clock, random, ...google, wake }),
  }
}
