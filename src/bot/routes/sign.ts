import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { renderAgreement } from '../../services/signing/agreement.ts'
import { agentOf, reasonOf, type Form } from '../../services/signing/evidence.ts'
import type { SigningPorts } from '../../services/signing/ports.ts'
import type { SignatureRequest } from '../../services/signing/request.ts'
import { decline, findByToken, sign, view, type Found } from '../../services/signing/signing.ts'
import type { UnitOfWork } from '../../unit-of-work.ts'
import { EMPTY_FORM, SIGN_HEADERS, signedPageView, signPageView, type Filled, type SignScripts } from '../views/sign-page.ts'
import { clientAddress } from './client-address.ts'
import { isPreviewer } from './previewer.ts'
import type { PageRequest, PageRoute, Reply } from './reply.ts'
import {
  closedReply,
  foreignReply,
  pastReply,
  previewReply,
  tooLargeReply,
  tooManyReply,
  unknownReply,
  wrongTypeReply,
} from './sign-words.ts'
import { createKeyedLimit } from './token-limit.ts'

/** What a guest did, for whoever wants to tell the office. */
export interface GuestAct {
  readonly what: 'viewed' | 'signed' | 'declined'
  readonly request: SignatureRequest
}

export interface SignRouteDeps<Ports extends SigningPorts> {
  readonly uow: UnitOfWork<Ports>
  readonly clock: Clock
  readonly log: Log
  /** Whether a proxy of ours says who asks. */
  readonly trustProxy: boolean
  /** Where browsers reach us; undefined: only under the host they name. */
  readonly publicUrl: string | undefined
  readonly zone: string
  readonly scripts: SignScripts
  /** Called in the same transaction. */
  readonly happened?: (ports: Ports, act: GuestAct, now: number) => Promise<void>
}

const MOST_BYTES = 100 * 1024
const A_MINUTE = { requests: 60, ms: 60_000 }

/**
 * The token is the secret, and no cookie rides along; so this is a second net. Our pages send no referrer, and browsers then write
 * `Origin: null` for a form, which says nothing either way.
 */
function isForeign({ headers }: PageRequest, publicUrl: string | undefined): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return false
  if (site !== undefined) return true
  const { origin, host } = headers
  if (origin === undefined || origin === 'null') return false
  const parsed = URL.parse(origin)
  return parsed === null || (parsed.host !== host && parsed.origin !== URL.parse(publicUrl ?? '')?.origin)
}

const toForm = (fields: URLSearchParams): Form => ({
  consent: fields.get('consent') === 'yes',
  name: fields.get('name') ?? '',
  typed: fields.get('typed') === 'yes',
  drawing: fields.get('drawing') ?? '',
})

/** Back to the page by GET: loading it again signs nothing twice. Relative, as a proxy may serve us under a path of its own. */
const again = (token: string): Reply => ({ status: 303, headers: { ...SIGN_HEADERS, location: `./${token}` }, body: '' })
const nothing = (): Reply => ({ status: 204, headers: SIGN_HEADERS, body: '' })

/** The page as it stands. */
function show(
  { scripts, zone }: Pick<SignRouteDeps<SigningPorts>, 'scripts' | 'zone'>,
  found: Found,
  filled: Filled = EMPTY_FORM,
  status = 200,
) {
  switch (found.kind) {
    case 'unknown':
      return unknownReply()
    case 'closed':
      return closedReply(found)
    case 'past':
      return pastReply()
    case 'open': {
      const agreement = renderAgreement(found.request.document)
      return { status, headers: SIGN_HEADERS, body: signPageView({ request: found.request, agreement, filled, scripts }) }
    }
    case 'signed': {
      const { request, signature } = found
      const agreement = renderAgreement(signature.document)
      return { status: 200, headers: SIGN_HEADERS, body: signedPageView({ request, signature, agreement, scripts, zone }) }
    }
  }
}

/** The drawing is shown again only where it is one. */
const refilled = (form: Form, problems: Filled['problems'], notice: string | null = null): Filled => ({
  form: { ...form, drawing: problems.some(({ field }) => field === 'signature') ? '' : form.drawing, name: form.name.slice(0, 120) },
  problems,
  notice,
})

interface Posted {
  readonly request: PageRequest
  readonly fields: URLSearchParams
  readonly found: Extract<Found, { kind: 'open' }>
  readonly now: number
}

async function signing<Ports extends SigningPorts>(
  deps: SignRouteDeps<Ports>,
  ports: Ports,
  { request, fields, found, now }: Posted,
): Promise<Reply> {
  const form = toForm(fields)
  const signer = {
    address: clientAddress(request, deps.trustProxy),
    userAgent: agentOf(request.headers['user-agent']),
    shownHash: fields.get('document') ?? '',
  }
  const result = await sign(ports, found.request, form, signer, now)
  if (result.kind === 'refused') return show(deps, found, refilled(form, result.problems), 422)
  if (result.kind === 'other-document')
    return show(deps, found, refilled(form, [], 'The page you had open showed another text. Read this one, then sign again.'), 409)
  if (result.kind === 'signed') {
    await deps.happened?.(ports, { what: 'signed', request: result.request }, now)
    deps.log.info('sign', `request ${found.request.id} of ${found.request.charterId}: signed`)
  }
  return again(request.token)
}

async function act<Ports extends SigningPorts>(deps: SignRouteDeps<Ports>, ports: Ports, posted: Posted): Promise<Reply> {
  const { fields, found, now, request } = posted
  const action = fields.get('action')
  if (action === 'sign') return signing(deps, ports, posted)
  if (action === 'decline') {
    const declined = await decline(ports, found.request, reasonOf(fields.get('reason') ?? ''), now)
    if (declined !== null) {
      await deps.happened?.(ports, { what: 'declined', request: declined }, now)
      deps.log.info('sign', `request ${found.request.id} of ${found.request.charterId}: declined`)
    }
    return again(request.token)
  }
  // A scanner of links may run our script: it names itself as one.
  if (action !== 'view' || isPreviewer(request.headers)) return action === 'view' ? nothing() : show(deps, found)
  const viewed = await view(ports, found.request, now)
  if (viewed !== null) await deps.happened?.(ports, { what: 'viewed', request: viewed }, now)
  return nothing()
}

async function post<Ports extends SigningPorts>(deps: SignRouteDeps<Ports>, request: PageRequest): Promise<Reply> {
  if (isForeign(request, deps.publicUrl)) return foreignReply()
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) return wrongTypeReply()
  const body = await request.body(MOST_BYTES)
  if (body === null) return tooLargeReply()
  const fields = new URLSearchParams(Buffer.from(body).toString('utf8'))
  const now = deps.clock.now()
  return deps.uow.run(async (ports) => {
    const found = await findByToken(ports, request.token, now)
    if (found.kind === 'open') return act(deps, ports, { request, fields, found, now })
    if (fields.get('action') === 'view') return found.kind === 'unknown' ? unknownReply() : nothing()
    // Signed before, perhaps by the same click: here is the copy.
    return found.kind === 'signed' ? again(request.token) : show(deps, found)
  })
}

/** `GET|POST /sign/:token`. GET and HEAD change nothing, so that no preview counts as a guest. */
export function createSignRoute<Ports extends SigningPorts>(deps: SignRouteDeps<Ports>): PageRoute {
  const limit = createKeyedLimit(A_MINUTE.requests, A_MINUTE.ms)
  return {
    methods: ['GET', 'POST'],
    answer: async (request) => {
      const wait = limit.take(request.token, deps.clock.monotonic())
      if (wait > 0) return tooManyReply(wait)
      if (request.method === 'POST') return post(deps, request)
      if (isPreviewer(request.headers)) return previewReply()
      const now = deps.clock.now()
      return show(deps, await deps.uow.run((ports) => findByToken(ports, request.token, now)))
    },
  }
}
