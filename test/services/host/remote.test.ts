import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startLightsail, type LightsailStandIn } from '../../../sandbox/lightsail/lightsail.ts'
import { valueOf } from '../../../src/services/host/figure.ts'
import { sweepKeyFiles } from '../../../src/services/host/key-files.ts'
import { createLightsail } from '../../../src/services/host/lightsail.ts'
import type { Reading } from '../../../src/services/host/reading.ts'
import { createRemoteCollector, type RemoteDeps } from '../../../src/services/host/remote.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { hasSshd, startSshd, type Sshd } from '../../support/host-sshd.ts'
import { NOON } from '../../support/incident-samples.ts'

const UNIT = 'jada-agent.service'
const MINUTE = 60_000
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret-access-key', AWS_EC2_METADATA_DISABLED: 'true' }

let folder = ''
let cloud: LightsailStandIn
let sshd: Sshd | undefined
const bin = (): string => join(folder, 'bin')
const runDir = (): string => join(folder, 'run')

/** A program on the host that is looked at. */
function install(name: string, script: string): void {
  mkdirSync(bin(), { recursive: true })
  writeFileSync(join(bin(), name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin(), name), 0o755)
}

function installAll(): void {
  install(
    'systemctl',
    'echo "args $*" >> "$(dirname "$0")/asked"; echo LoadState=loaded; echo ActiveState=active; echo SubState=running; echo Result=success; echo NRestarts=1',
  )
  install('timedatectl', 'echo NTPSynchronized=yes')
  install(
    'journalctl',
    `echo '{"__REALTIME_TIMESTAMP":"${NOON - MINUTE}000","PRIORITY":"3","MESSAGE":"[port-sheet] token error: HTTP Error 400"}'`,
  )
}

beforeAll(async () => {
  Object.assign(process.env, KEYS)
  folder = mkdtempSync(join(tmpdir(), 'jada-remote-'))
  cloud = await startLightsail('us-west-2')
  if (hasSshd) sshd = await startSshd(folder, `${bin()}:/usr/bin:/bin`)
})

afterAll(async () => {
  await sshd?.close()
  await cloud.close()
  rmSync(folder, { recursive: true, force: true })
})

afterEach(() => {
  cloud.faults.clear()
  cloud.calls.length = 0
  process.env['AWS_ACCESS_KEY_ID'] = KEYS.AWS_ACCESS_KEY_ID
  // The one thing that must hold after each of these tests.
  expect(existsSync(runDir()) ? readdirSync(runDir()) : []).toEqual([])
})

const ago = (minutes: number, value: number) => [NOON - minutes * MINUTE, value] as const

function put(accessDetails: Readonly<Record<string, unknown>>, change: { state?: string; checks?: number } = {}): void {
  cloud.instances.set('jada-prod', {
    state: change.state ?? 'running',
    metrics: {
      CPUUtilization: [ago(15, 50), ago(10, 4), ago(5, 2.5)],
      BurstCapacityPercentage: [ago(5, 74)],
      NetworkIn: [ago(5, 600_000)],
      NetworkOut: [ago(5, 300_000)],
      StatusCheckFailed_Instance: [ago(3, 0), ago(2, change.checks ?? 0), ago(1, change.checks ?? 0)],
      StatusCheckFailed_System: [ago(3, 0), ago(2, 0)],
    },
    accessDetails,
  })
}

const look = (change: Partial<RemoteDeps> = {}, instance = 'jada-prod'): Promise<Reading> => {
  const lightsail = createLightsail({ region: 'us-west-2', instance, url: cloud.url })
  const deps = {
    lightsail,
    clock: createFakeClock(NOON),
    instance,
    unit: UNIT,
    env: { PATH: '/usr/bin:/bin' },
    runDir: runDir(),
    sshMs: 10_000,
  }
  return createRemoteCollector({ ...deps, port: sshd?.port ?? 22, ...change }).collect(NOON, new AbortController().signal)
}

const whyOf = (figure: unknown): string | undefined =>
  typeof figure === 'object' && figure !== null && 'unknown' in figure ? String(figure.unknown) : undefined

describe.skipIf(!hasSshd)('a real sshd', () => {
  test('with the temporary certificate all is read, in one connection', async () => {
    installAll()
    put(sshd?.access() ?? {})
    const reading = await look()
    expect(reading).toMatchObject({
      source: 'lightsail',
      host: 'jada-prod',
      own: false,
      unit: {
        value: {
          active: 'active',
          sub: 'running',
          restarts: 1,
        },
      },
      journal: {
        value: {
          lines: 1,
          worst: [
            {
              text: '[port-sheet] token error: HTTP Error 400',
              times: 1,
            },
          ],
        },
      },
      cloud: {
        state: { value: 'running' },
        cpu: {
          at: NOON - 5 * MINUTE,
          value: 2.5,
        },
        burst: { value: 74 },
        network: {
          value: {
            received: 2000,
            sent: 1000,
          },
        },
        failedChecks: {
          value: {
            instance: 0,
            system: 0,
          },
        },
      },
    })
    for (const name of ['uptimeMs', 'memory', 'cpuTimes', 'network', 'disk'] as const) expect(reading[name]).toHaveProperty('value')
    expect(valueOf(reading.clock)?.synchronized).toBe(true)
    expect(cloud.calls.filter((call) => call === 'GetInstanceAccessDetails')).toHaveLength(1)
  })

  test('what the kernel ended is counted, also when it was no process of the service', async () => {
    installAll()
    const kill = `{"__REALTIME_TIMESTAMP":"${NOON - MINUTE}000","PRIORITY":"3","MESSAGE":"Out of memory: Killed process 7 (python3) total-vm:1kB"}`
    const other = `{"__REALTIME_TIMESTAMP":"${NOON - MINUTE}000","PRIORITY":"6","MESSAGE":"hello"}`
    install('journalctl', `case "$*" in *_TRANSPORT=kernel*) echo '${kill}' ;; *) echo '${other}' ;; esac`)
    put(sshd?.access() ?? {})
    expect(valueOf((await look()).journal)).toMatchObject({
      lines: 1,
      kernelUnread: null,
      counts: { outOfMemory: expect.arrayContaining([1]) },
    })
    install(
      'journalctl',
      `case "$*" in *_TRANSPORT=kernel*) echo 'Hint: You are currently not seeing messages from other users and the system.' ;; *) echo '${other}' ;; esac`,
    )
    expect(valueOf((await look()).journal)?.kernelUnread).toContain('may not read the journal')
  })

  test.each<[string, Parameters<Sshd['access']>[0], string]>([
    ['an expired certificate', { validity: '-10m:-5m' }, 'SSH: the host refused the certificate'],
    ['a certificate for somebody else', { principal: 'nobody-we-know' }, 'SSH: the host refused the certificate'],
    ['another host key', { hostKey: 'other' }, 'SSH: the host has another key than Lightsail says'],
    ['no host key', { hostKey: 'none' }, 'Lightsail gave no host key, and an unknown host is not trusted'],
  ])('%s: nothing is read from inside, and what Lightsail says stays', async (_name, options, why) => {
    installAll()
    put(sshd?.access(options) ?? {})
    const reading = await look()
    expect([whyOf(reading.unit), whyOf(reading.memory), whyOf(reading.journal)]).toEqual([why, why, why])
    expect(reading.cloud?.state).toEqual({ at: NOON, value: 'running' })
  })

  test('a host that sends without end is cut off', async () => {
    installAll()
    install('timedatectl', 'exec yes jada')
    put(sshd?.access() ?? {})
    expect(whyOf((await look()).unit)).toBe('SSH: the host sent more than may be read')
  })

  test('a host that hangs half-way is given up, and half an answer is none', async () => {
    installAll()
    install('systemctl', 'exec sleep 30')
    put(sshd?.access() ?? {})
    expect(whyOf((await look({ sshMs: 1500 })).memory)).toBe('SSH: the host did not answer in time')
  })

  test('a journal longer than is read is cut, newest first', async () => {
    installAll()
    const line = `{"__REALTIME_TIMESTAMP":"${NOON - MINUTE}000","MESSAGE":"${'x'.repeat(1000)}"}`
    install('journalctl', `yes '${line}'`)
    put(sshd?.access() ?? {})
    expect(valueOf((await look()).journal)).toMatchObject({ cut: true, unreadable: 1 })
  })

  test.each(["x'; touch /tmp/jada-injected; '.service", '$(reboot).service', '-h.service', 'a b.service', 'jada-agent'])(
    'the name %j is no service: nothing is connected to',
    async (unit) => {
      put(sshd?.access() ?? {})
      expect(whyOf((await look({ unit })).unit)).toBe('the name of the service is none that systemd knows')
      expect(cloud.calls).not.toContain('GetInstanceAccessDetails')
    },
  )

  test('a process that is killed leaves key files that only we can read, and the next start removes them', async () => {
    installAll()
    install('systemctl', 'exec sleep 30')
    put(sshd?.access() ?? {})
    const code = `
      import { createLightsail } from './src/services/host/lightsail.ts'
      import { createRemoteCollector } from './src/services/host/remote.ts'
      import { systemClock } from './src/clock.ts'
      const lightsail = createLightsail({ region: 'us-west-2', instance: 'jada-prod', url: '${cloud.url}' })
      const deps = { lightsail, clock: systemClock, instance: 'jada-prod', unit: '${UNIT}', env: { PATH: '/usr/bin:/bin' }, runDir: '${runDir()}', sshMs: 20000, port: ${sshd?.port ?? 0} }
      await createRemoteCollector(deps).collect(${NOON}, new AbortController().signal)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' })
    await expect
      .poll(() => (existsSync(runDir()) ? readdirSync(runDir()).flatMap((name) => readdirSync(join(runDir(), name))) : []), {
        timeout: 10_000,
        interval: 20,
      })
      .toContain('known_hosts')
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    const [name = ''] = readdirSync(runDir())
    expect(statSync(join(runDir(), name)).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(join(runDir(), name))) expect(statSync(join(runDir(), name, file)).mode & 0o777).toBe(0o600)
    expect(await sweepKeyFiles(runDir())).toBe(1)
  })
})

describe('without an sshd', () => {
  test('a silent server is given up', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const access = {
      ipAddress: '127.0.0.1',
      username: 'ubuntu',
      privateKey: 'x',
      certKey: 'y',
      hostKeys: [{ algorithm: 'ssh-ed25519', publicKey: 'AAAAC3Nz' }],
    }
    put(access)
    const reading = await look({ port: (silent.address() as AddressInfo).port, sshMs: 800 })
    silent.close()
    expect(whyOf(reading.unit)).toBe('SSH: the host did not answer in time')
    put(access)
    expect(whyOf((await look({ port: 1 })).unit)).toBe('SSH: the host refused the connection')
    expect(whyOf((await look({ env: { PATH: join(folder, 'none') } })).unit)).toBe('ssh is not installed here')
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['nothing', {}, 'Lightsail gave no address of the host'],
    ['an option for an address', { ipAddress: '-oProxyCommand=reboot' }, 'Lightsail gave no address of the host'],
    ['an option for a user', { ipAddress: '10.0.0.1', username: '-l' }, 'Lightsail gave no user name'],
    ['no certificate', { ipAddress: '10.0.0.1', username: 'ubuntu', privateKey: 'x' }, 'Lightsail gave no certificate'],
    [
      'host keys that are none',
      {
        ipAddress: '10.0.0.1',
        username: 'u',
        privateKey: 'x',
        certKey: 'y',
        hostKeys: [{ algorithm: 'x\ny', publicKey: 'AAAA' }, { publicKey: 'b' }],
      },
      'Lightsail gave no host key, and an unknown host is not trusted',
    ],
  ])('access details with %s are refused', async (_name, details, why) => {
    put(details)
    expect(whyOf((await look()).unit)).toBe(why)
  })

  test.each([
    ['AccessDeniedException', 'Lightsail does not allow this to our AWS user'],
    ['ExpiredTokenException', 'AWS refuses our credentials'],
    ['ServiceException', 'Lightsail answered with an error (ServiceException)'],
  ])('%s: it is said, and the rest is still asked', async (fault, why) => {
    put({})
    cloud.faults.set('GetInstanceMetricData', fault)
    const reading = await look()
    expect([whyOf(reading.cloud?.cpu), whyOf(reading.cloud?.failedChecks)]).toEqual([why, why])
    expect(reading.cloud?.state).toEqual({ at: NOON, value: 'running' })
  })

  test('throttling is tried again by the client, twice, and then said; a throttled login leaves what the API says', async () => {
    put({})
    cloud.faults.set('GetInstanceState', 'ThrottlingException')
    cloud.faults.set('GetInstanceAccessDetails', 'ThrottlingException')
    const reading = await look()
    expect(whyOf(reading.cloud?.state)).toBe('Lightsail asks us to slow down')
    expect(whyOf(reading.unit)).toBe('Lightsail asks us to slow down')
    expect(reading.cloud?.cpu).toMatchObject({ value: 2.5 })
    expect(cloud.calls.filter((call) => call === 'GetInstanceState')).toHaveLength(3)
  })

  test('a refused key is said of every figure, and not mistaken for a host that is down', async () => {
    put({})
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAREFUSED'
    const reading = await look()
    for (const figure of [reading.unit, reading.cloud?.state, reading.cloud?.cpu, reading.cloud?.failedChecks])
      expect(whyOf(figure)).toBe('AWS refuses our credentials')
  })

  test('refused keys, an unknown instance, nobody there, no credentials', async () => {
    put({})
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAREFUSED'
    expect(whyOf((await look()).cloud?.state)).toBe('AWS refuses our credentials')
    process.env['AWS_ACCESS_KEY_ID'] = KEYS.AWS_ACCESS_KEY_ID
    expect(whyOf((await look({}, 'another')).cloud?.state)).toBe('Lightsail knows no such instance in this region')
    const nobody = createLightsail({ region: 'us-west-2', instance: 'x', url: 'http://127.0.0.1:1' })
    expect(whyOf((await look({ lightsail: nobody })).unit)).toBe('Lightsail could not be reached (ECONNREFUSED)')
  })

  test('what Lightsail says of a host in trouble', async () => {
    put({}, { state: 'stopped', checks: 1 })
    const reading = await look()
    expect(reading.cloud?.failedChecks).toEqual({ at: NOON, value: { instance: 2, system: 0 } })
    expect(reading.cloud?.state).toEqual({ at: NOON, value: 'stopped' })
  })

  test('keys are in no printout of what was asked for', async () => {
    put({ ipAddress: '10.0.0.1', username: 'u', privateKey: 'PRIVATE-KEY-TEXT', certKey: 'CERTIFICATE-TEXT' })
    const access = await createLightsail({ region: 'us-west-2', instance: 'jada-prod', url: cloud.url }).access(
      new AbortController().signal,
    )
    expect(`${inspect(access, { depth: 9, showHidden: true })}${JSON.stringify(access)}`).not.toMatch(/PRIVATE-KEY|CERTIFICATE-TEXT/)
  })
})
