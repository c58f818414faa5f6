import { createAssets } from '../bot/routes/assets.ts'
import { createCrewRoute } from '../bot/routes/crew.ts'
import type { PageRoute, Route } from '../bot/routes/reply.ts'
import { createSignRoute } from '../bot/routes/sign.ts'
import type { Config } from '../config.ts'
import { describeError } from '../errors.ts'
import { pageAddress } from '../services/crew/crew-pages.ts'
import type { CrewPage } from '../services/crew/page.ts'
import { tellGuest } from '../services/office/card.ts'
import type { Office } from '../services/office/ports.ts'
import type { RulesDeps } from '../services/rules/apply.ts'
import type { Column } from '../services/sheets/columns.ts'
import type { SailingDeps } from '../services/status/sailings.ts'
import type { SignatureRequest } from '../services/signing/request.ts'
import { signAddress } from '../services/signing/signing.ts'
import { readAgreement, readChecklist, readRules } from './config-files.ts'
import type { Core } from './core.ts'

/** The office's files, read and checked at the start whether or not there are links to hand out. */
function readOfficeFiles({ configDir }: Pick<Config, 'configDir'>, columns: readonly Column[]) {
  return { checklist: readChecklist(configDir), agreement: readAgreement(configDir, columns), rules: readRules(configDir) }
}

/** Pages for crews and guests: the routes that show them, and, with a public address, what makes them. */
export interface OfficeParts {
  readonly pages: Readonly<Record<`/${string}/:token`, PageRoute>>
  readonly routes: Readonly<Record<string, Route>>
  /** Null without a public address: nobody could open a link. */
  readonly office: Office | null
  readonly rules: RulesDeps | null
  /** What tells which charters sail, and keeps private columns out. */
  readonly sailing: SailingDeps
  readonly pageAddress: (page: CrewPage) => string | null
  readonly signAddress: (request: SignatureRequest) => string | null
}

/** Joins crew pages and signatures. `wake`: a guest did something that is to be told. */
export function createOffice(core: Core, columns: readonly Column[], wake: () => void): OfficeParts {
  const { config, uow, clock, log, random, google } = core
  const files = readOfficeFiles(config, columns)
  const privateFields = new Set(columns.filter((column) => column.private).map(({ field }) => field))
  const links = { random, box: google.box, privateFields }
  const made: Office = { crew: { ...links, checklist: files.checklist }, signing: { ...links, agreement: files.agreement } }
  const { publicUrl, trustProxy } = config.http
  const office = publicUrl === undefined ? null : made
  const assets = createAssets()
  /** A link sealed with a key that is gone cannot be shown; the card says the rest all the same. */
  const address = (make: (publicUrl: string) => string): string | null => {
    if (publicUrl === undefined) return null
    try {
      return make(publicUrl)
    } catch (error) {
      log.warn('office', describeError(error))
      return null
    }
  }
  return {
    pages: {
      '/crew/:token': createCrewRoute({ uow, clock, zone: config.zone, privateFields }),
      '/sign/:token': createSignRoute({
        uow,
        clock,
        log,
        trustProxy,
        publicUrl,
        zone: config.zone,
        scripts: assets.signing,
        happened: async (ports, { request }, now) => {
          await tellGuest(ports, request, now)
          wake()
        },
      }),
    },
    routes: assets.routes,
    office,
    sailing: { rules: files.rules, privateFields },
    rules: office === null ? null : { rules: files.rules, office },
    pageAddress: (page) => address((url) => pageAddress(made.crew, url, page)),
    signAddress: (request) => address((url) => signAddress(made.signing, url, request)),
  }
}
