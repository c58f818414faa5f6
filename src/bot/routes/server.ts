import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describeError, JadaError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { json, page, toApiRequest, toRequest, write, type ApiRoute, type PageRoute, type Reply, type Route } from './reply.ts'

export interface HttpDeps {
  readonly log: Log
  readonly port: number
  readonly host: string
  /** GET routes by their exact path. */
  readonly routes: Readonly<Record<string, Route>>
  /** Pages at unguessable addresses, by patterns such as `/crew/:token`. */
  readonly pages?: Readonly<Record<`/${string}/:token`, PageRoute>>
  /** Routes for other systems, by their exact path. */
  readonly api?: Readonly<Record<string, ApiRoute>>
  /** Bolt's listener for `POST /slack/events`; null in Socket Mode. */
  readonly slackEvents: RequestListener | null
}

export interface HttpServer {
  /** Resolves with the port. Throws JadaError `port` when it is taken. */
  start(): Promise<number>
  stop(): Promise<void>
}

/** What answers a request, and its name in the log: a route's pattern, never a path that somebody made up or that holds a token. */
interface Found {
  readonly name: string
  readonly answer: () => Promise<Reply>
  /** The token of a page: it must not get into the log even inside an error. */
  readonly token?: string
}

const notThere = (): Reply => page(404, { title: 'There is no such page', lines: ['Check the address, or go back to Slack.'], good: false })

const wrongMethod = (allow: string): Reply => ({ ...json(405, { error: `use ${allow}` }), headers: { allow } })

function findPage(deps: HttpDeps, request: IncomingMessage, path: string): Found | null {
  const [pattern, route] = Object.entries(deps.pages ?? {}).find(([name]) => path.startsWith(name.replace(/:token$/, ''))) ?? []
  const token = path.slice((pattern ?? '').replace(/:token$/, '').length)
  if (pattern === undefined || route === undefined || token === '' || token.includes('/')) return null
  const allowed: readonly string[] = [...route.methods, ...(route.methods.includes('GET') ? ['HEAD'] : [])]
  const isAllowed = allowed.includes(request.method ?? '')
  return {
    name: pattern,
    token,
    answer: async () => (isAllowed ? route.answer({ ...toApiRequest(request), token }) : wrongMethod(allowed.join(', '))),
  }
}

const parse = (request: IncomingMessage): URL | null => URL.parse(request.url ?? '/', 'http://bot.invalid')

function find(deps: HttpDeps, request: IncomingMessage, url: URL | null): Found {
  if (url === null) return { name: 'a bad address', answer: () => Promise.resolve(json(400, { error: 'bad address' })) }
  const { pathname, searchParams } = url
  const api = Object.hasOwn(deps.api ?? {}, pathname) ? deps.api?.[pathname] : undefined
  if (api !== undefined) return { name: pathname, answer: async () => api(toApiRequest(request)) }
  const route = Object.hasOwn(deps.routes, pathname) ? deps.routes[pathname] : undefined
  if (route === undefined)
    return findPage(deps, request, pathname) ?? { name: 'an unknown path', answer: () => Promise.resolve(notThere()) }
  return { name: pathname, answer: async () => (request.method === 'GET' ? route(toRequest(request, searchParams)) : wrongMethod('GET')) }
}

/** A route threw: the log says what, and whoever asked hears that it was not them. */
function broken(deps: HttpDeps, name: string, token: string | undefined, error: unknown): Reply {
  const said = describeError(error)
  deps.log.error('http', `${name}: ${token === undefined ? said : said.replaceAll(token, ':token')}`)
  if (token === undefined) return json(500, { error: 'internal' })
  return page(500, {
    title: 'Something went wrong',
    lines: ["It is in the bot's log. Load this page again in a minute, or ask the office."],
    good: false,
  })
}

const LAST_ANSWERS_MS = 2000

/** Our own server: Bolt's would listen on every interface. A route that throws is an answer of 500, not a dead process. */
export function createHttpServer(deps: HttpDeps): HttpServer {
  const server: Server = createServer((request, response) => {
    const url = parse(request)
    if (url?.pathname === '/slack/events' && deps.slackEvents !== null) {
      deps.slackEvents(request, response)
      return
    }
    const found = find(deps, request, url)
    found
      .answer()
      .catch((error: unknown) => broken(deps, `${request.method ?? ''} ${found.name}`, found.token, error))
      .then((reply) => {
        write(response, reply)
      })
      .catch((error: unknown) => {
        deps.log.error('http', `${request.method ?? ''} ${found.name}: ${describeError(error)}`)
        response.destroy()
      })
  })
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', (error) => {
          const message = `Cannot listen on ${deps.host}:${deps.port} (${describeError(error)}). Is another bot running? Set PORT to a free one.`
          reject(new JadaError('port', message, { retry: 'later' }))
        })
        server.listen(deps.port, deps.host, () => {
          resolve((server.address() as AddressInfo).port)
        })
      }),
    stop: () =>
      new Promise((resolve) => {
        // Answers under way are finished; whoever then still holds a connection open is not waited for.
        const force = setTimeout(() => {
          server.closeAllConnections()
        }, LAST_ANSWERS_MS)
        server.close(() => {
          clearTimeout(force)
          resolve()
        })
      }),
  }
}
