import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import { describeError } from '../../errors.ts'
import { blindReading } from './audit.ts'
import { runCommand, type Ended } from './command.ts'
import { isKnown, known, mapFigure, unknown, valueOf, type Figure } from './figure.ts'
import { accessTrouble, withKeyFiles } from './key-files.ts'
import { asFigure, awsTrouble, type Access, type Lightsail, type Metric, type Point } from './lightsail.ts'
import { joinPast } from './past.ts'
import type { Cloud, Collector, Reading } from './reading.ts'
import { createAnswer, SCRIPT } from './remote-script.ts'
import { isUnitName } from './unit.ts'

export interface RemoteDeps {
  readonly lightsail: Lightsail
  readonly clock: Clock
  readonly instance: string
  readonly unit: string
  /** Where `ssh` is found. */
  readonly env: Readonly<Record<string, string>>
  /** Private, and emptied at any start. */
  readonly runDir: string
  /** 22, unless sshd listens elsewhere. */
  readonly port: number
  /** How long the whole connection may take. */
  readonly sshMs: number
}

/** What is older is not how it is now. */
const FRESH_MS = 20 * 60_000
const FIVE = { periodSeconds: 300, spanMs: FRESH_MS } as const
/** A whole day, for the charts of a host that was never looked at. */
const DAY = { ...FIVE, spanMs: 24 * 3_600_000 } as const
const CPU: Metric = { name: 'CPUUtilization', unit: 'Percent', statistic: 'Average', ...DAY }
const BURST: Metric = { name: 'BurstCapacityPercentage', unit: 'Percent', statistic: 'Average', ...FIVE }
const traffic = (name: 'NetworkIn' | 'NetworkOut'): Metric => ({ name, unit: 'Bytes', statistic: 'Sum', ...DAY })
const failed = (name: 'StatusCheckFailed_Instance' | 'StatusCheckFailed_System'): Metric => ({
  name,
  unit: 'Count',
  statistic: 'Sum',
  periodSeconds: 60,
  spanMs: 15 * 60_000,
})

const NO_POINTS = 'Lightsail has no figures of the last minutes'

/** A figure of two, where both are known. */
function both<A, B, T>(a: Figure<A>, b: Figure<B>, join: (a: A, b: B) => T): Figure<T> {
  if (!isKnown(a)) return a
  return isKnown(b) ? known(join(a.value, b.value), Math.min(a.at, b.at)) : b
}

function latest(points: Figure<readonly Point[]>, now: number): Figure<number> {
  if (!isKnown(points)) return points
  const last = points.value.at(-1)
  return last === undefined || now - last.at > FRESH_MS ? unknown(NO_POINTS, now) : known(last.value, last.at)
}

async function readCloud({ lightsail }: RemoteDeps, now: number, signal: AbortSignal): Promise<Required<Pick<Reading, 'cloud' | 'past'>>> {
  const series = (metric: Metric): Promise<Figure<readonly Point[]>> => asFigure(lightsail.metric(metric, now, signal), NO_POINTS, now)
  const minutes = (metric: Metric): Promise<Figure<number>> =>
    asFigure(
      lightsail.metric(metric, now, signal).then((points) => (points.length === 0 ? null : points.filter(({ value }) => value > 0).length)),
      NO_POINTS,
      now,
    )
  const [state, cpu, burst, received, sent, instance, system] = await Promise.all([
    asFigure(lightsail.state(signal), NO_POINTS, now),
    series(CPU),
    series(BURST),
    series(traffic('NetworkIn')),
    series(traffic('NetworkOut')),
    minutes(failed('StatusCheckFailed_Instance')),
    minutes(failed('StatusCheckFailed_System')),
  ])
  const aSecond = (points: Figure<readonly Point[]>): Figure<number> => mapFigure(latest(points, now), (sum) => sum / FIVE.periodSeconds)
  const kept = (points: Figure<readonly Point[]>): readonly Point[] => valueOf(points) ?? []
  const cloud: Cloud = {
    state,
    cpu: latest(cpu, now),
    burst: latest(burst, now),
    network: both(aSecond(received), aSecond(sent), (received, sent) => ({
      received,
      sent,
    })),
    failedChecks: both(instance, system, (instance, system) => ({
      instance,
      system,
    })),
  }
  return { cloud, past: joinPast(kept(cpu), kept(received), kept(sent), FIVE.periodSeconds) }
}

/** Every option that a configuration, an agent or a habit of the machine could change is set here. */
function sshArguments({ unit, port }: RemoteDeps, { username, address }: Access, folder: string): string[] {
  const file = (name: string): string => join(folder, name)
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${file('known_hosts')}`,
    'GlobalKnownHostsFile=none',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'PreferredAuthentications=publickey',
    'ClearAllForwardings=yes',
    'UpdateHostKeys=no',
    'ControlMaster=no',
    'ControlPath=none',
    'ConnectTimeout=5',
    'ConnectionAttempts=1',
    'ServerAliveInterval=5',
    'ServerAliveCountMax=2',
    'LogLevel=ERROR',
    `CertificateFile=${file('key-cert.pub')}`,
  ]
  const where = port === 22 ? [] : ['-p', String(port)]
  const all = ['-F', 'none', '-T', '-i', file('key'), ...where, ...options.flatMap((option) => ['-o', option])]
  return [...all, '--', `${username}@${address}`, `/bin/sh -s -- '${unit}'`]
}

/** What `ssh` means when the host has not said all: its exit code alone says nothing. */
function sshTrouble(ended: Ended): string {
  if (ended.kind === 'missing') return 'ssh is not installed here'
  if (ended.kind === 'timeout') return 'SSH: the host did not answer in time'
  if (ended.cut) return 'SSH: the host sent more than may be read'
  const { stderr, code } = ended
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION/i.test(stderr)) return 'SSH: the host has another key than Lightsail says'
  if (/Permission denied/i.test(stderr)) return 'SSH: the host refused the certificate'
  if (/Connection refused/i.test(stderr)) return 'SSH: the host refused the connection'
  if (/timed out|No route to host|unreachable/i.test(stderr)) return 'SSH: the host could not be reached'
  if (/reset by|closed by|Broken pipe/i.test(stderr)) return 'SSH: the host closed the connection'
  return `SSH ended with exit code ${code ?? 'none'} before all was said`
}

const MOST_BYTES = 6_000_000

async function readInside(deps: RemoteDeps, now: number, signal: AbortSignal): Promise<Partial<Reading> | string> {
  const { lightsail, unit, port, env, runDir, clock, sshMs } = deps
  if (!isUnitName(unit)) return 'the name of the service is none that systemd knows'
  let access: Access
  try {
    access = await lightsail.access(signal)
  } catch (error) {
    return awsTrouble(error)
  }
  const trouble = accessTrouble(access, port)
  if (trouble !== null) return trouble
  const answer = createAnswer(unit, now)
  const line = (text: string): void => answer.line(text)
  const before = clock.now()
  const ended = await withKeyFiles(runDir, access, port, (folder) => {
    const args = sshArguments(deps, access, folder)
    return runCommand({ file: 'ssh', args, env, timeoutMs: sshMs, stdin: SCRIPT, mostBytes: MOST_BYTES, line }, signal)
  })
  if (!answer.isWhole()) return sshTrouble(ended)
  return answer.inside((before + clock.now()) / 2)
}

/** Looks at a Lightsail instance: from outside through its API, from inside over one SSH connection with a temporary certificate. */
export function createRemoteCollector(deps: RemoteDeps): Collector {
  const base = { source: 'lightsail' as const, host: deps.instance, unitName: deps.unit }
  return {
    collect: async (now, signal) => {
      const inside = readInside(deps, now, signal).catch(
        (error: unknown) => `SSH could not be tried: ${describeError(error).slice(0, 200)}`,
      )
      const [outside, read] = await Promise.all([readCloud(deps, now, signal), inside])
      const blind = blindReading(base, typeof read === 'string' ? read : 'not looked at', now)
      return typeof read === 'string' ? { ...blind, ...outside } : { ...blind, ...read, ...outside }
    },
  }
}
