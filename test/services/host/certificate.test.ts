import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { decideAudit, FRESH_HOST_STATE, type HostState } from '../../../src/services/host/audit.ts'
import { readCertificate, withCertificate } from '../../../src/services/host/certificate.ts'
import { known, unknown } from '../../../src/services/host/figure.ts'
import { makeDataDir } from '../../support/data-dir.ts'
import { wellReading } from '../../support/host-samples.ts'
import { NOON } from '../../support/incident-samples.ts'

const DAY = 86_400_000
const NEVER = new AbortController().signal

const open: Server[] = []
const sockets = new Set<Socket>()
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all(open.splice(0).map((one) => new Promise((resolve) => one.close(resolve))))
})

const listen = async (one: Server): Promise<URL> => {
  open.push(one)
  one.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))
  return new URL(`https://127.0.0.1:${(one.address() as AddressInfo).port}`)
}

/** A certificate made here and now, trusted by nobody. */
function selfSigned(): { key: string; cert: string; endsAt: number } {
  const directory = makeDataDir()
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const what = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '20',
    '-subj',
    '/CN=bot.jada.example',
  ]
  execFileSync('openssl', ['req', ...what, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const end = execFileSync('openssl', ['x509', '-enddate', '-noout', '-in', cert], { encoding: 'utf8' }).replace('notAfter=', '')
  const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), endsAt: Date.parse(end) }
  rmSync(directory, { recursive: true })
  return made
}

describe('read from an address', () => {
  test('its end is read, though nobody trusts it', async () => {
    const { key, cert, endsAt } = selfSigned()
    const address = await listen(createServer({ key, cert }))
    expect(await readCertificate(address, NOON, NEVER)).toEqual(known({ host: '127.0.0.1', endsAt }, NOON))
  })

  test('nobody there, or one that speaks no TLS, or is silent: unknown, and why', async () => {
    const closed = createTcpServer()
    const address = await listen(closed)
    await new Promise((resolve) => closed.close(resolve))
    open.length = 0
    expect(await readCertificate(address, NOON, NEVER)).toEqual(
      unknown('127.0.0.1 could not be asked for its certificate (ECONNREFUSED)', NOON),
    )
    const plain = await listen(createTcpServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    expect(await readCertificate(plain, NOON, NEVER)).toHaveProperty('unknown')
    const stopping = new AbortController()
    const silent = await listen(createTcpServer((socket) => socket.on('error', () => undefined) && stopping.abort()))
    expect(await readCertificate(silent, NOON, stopping.signal)).toEqual(unknown('127.0.0.1 did not show its certificate in time', NOON))
  })

  test('without an https address nothing is asked', () => {
    const collector = { collect: () => Promise.resolve(wellReading(NOON)) }
    expect(withCertificate(collector, undefined)).toBe(collector)
    expect(withCertificate(collector, 'http://127.0.0.1:3000')).toBe(collector)
    expect(withCertificate(collector, 'https://bot.jada.example')).not.toBe(collector)
  })
})

describe('as a finding', () => {
  /** What each of some looks says of a certificate with so many days left; null: it could not be read. */
  function audits(days: readonly (number | null)[]): string[] {
    let state: HostState = FRESH_HOST_STATE
    return days.map((left, index) => {
      const at = NOON + index * 600_000
      const certificate = left === null ? unknown('no answer', at) : known({ host: 'bot.jada.example', endsAt: at + left * DAY }, at)
      const decided = decideAudit({ ...wellReading(at), certificate }, [], state)
      state = decided.state
      const signal = decided.signals.find(({ key }) => key === 'host/certificate')
      return signal === undefined ? 'nothing' : signal.status === 'ok' ? 'ok' : signal.severity
    })
  }

  test.each([
    ['good', [60, 60], ['nothing', 'ok']],
    ['ends within two weeks, seen twice', [13, 13], ['nothing', 'warning']],
    ['ends within three days', [2, 2], ['nothing', 'critical']],
    ['has ended', [-1, -1], ['nothing', 'critical']],
    ['cannot be read: no proof of anything', [13, 13, null, null], ['nothing', 'warning', 'warning', 'warning']],
    ['renewed: two good looks', [13, 13, 89, 89], ['nothing', 'warning', 'warning', 'ok']],
  ])('%s', (_name, days, told) => {
    expect(audits(days)).toEqual(told)
  })

  test('says how long it is good for, and is left out where there is none', () => {
    const certificate = known({ host: 'bot.jada.example', endsAt: NOON + 9 * DAY }, NOON)
    const check = (reading: Parameters<typeof decideAudit>[0]) =>
      decideAudit(reading, [], FRESH_HOST_STATE).audit.checks.find(({ name }) => name === 'certificate')?.text
    expect(check({ ...wellReading(NOON), certificate })).toBe('the certificate of bot.jada.example is good for 9 days more')
    expect(check(wellReading(NOON))).toBeUndefined()
  })
})
