import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { startLightsail, type LightsailRequest, type LightsailStandIn } from '../lightsail/lightsail.ts'
import type { HostFault } from './faults.ts'
import { metricsOf } from './metrics.ts'
import { probe } from './probe.ts'
import { installPrograms, writeSayings } from './programs.ts'
import { sayingsOf } from './sayings.ts'
import { missingForSshd, startSshd, type Sshd } from './sshd.ts'

/** How the bot gets to the host. */
export interface HostPlaces {
  readonly region: string
  readonly instance: string
  readonly unit: string
  readonly lightsailUrl: string
  readonly sshPort: number
}

export interface HostRequest extends LightsailRequest {
  readonly at: number
}

/** The server that the bot watches: Lightsail's word about it, and a real sshd that lets the bot look inside. */
export interface Host {
  /** Null: this machine cannot play it, and `why` says what is missing. */
  readonly places: HostPlaces | null
  readonly why: string
  isOn(fault: HostFault): boolean
  /** Rejects in plain words when there is no host. */
  set(fault: HostFault, on: boolean): Promise<void>
  /** All is well with it again. */
  clear(): Promise<void>
  /** How often the bot has looked since something was last changed. */
  looks(): number
  /** The newest questions to Lightsail, oldest first. */
  readonly requests: readonly HostRequest[]
  on(listener: () => void): () => void
  stop(): Promise<void>
}

export interface HostOptions {
  /** A folder that only we may open, and that is thrown away. */
  readonly directory: string
  readonly names: Pick<HostPlaces, 'region' | 'instance' | 'unit'>
  readonly now: () => number
}

const UP_MS = 17 * 24 * 3_600_000
const MOST_REQUESTS = 100
const OPERATIONS = ['GetInstanceState', 'GetInstanceMetricData', 'GetInstanceAccessDetails'] as const

const CURES = {
  sshd: 'sshd is not installed here (Debian: apt-get install openssh-server)',
  ssh: 'ssh is not installed here (Debian: apt-get install openssh-client)',
  'ssh-keygen': 'ssh-keygen is not installed here (Debian: apt-get install openssh-client)',
} as const

/** What the bot is not told of: it then looks at this machine itself, and nothing false is alerted. */
function noHost(why: string): Host {
  const refuse = (): Promise<void> => Promise.reject(new Error(`there is no host to switch: ${why}`))
  return {
    places: null,
    why,
    isOn: () => false,
    set: refuse,
    clear: refuse,
    looks: () => 0,
    requests: [],
    on: () => () => undefined,
    stop: () => Promise.resolve(),
  }
}

/** Which error every question to Lightsail gets. */
function faultOf(faulty: ReadonlyMap<HostFault, number>): string | null {
  if (faulty.has('aws-key')) return 'UnrecognizedClientException'
  return faulty.has('aws-slow') ? 'ThrottlingException' : null
}

function answerAs({ faults }: LightsailStandIn, fault: string | null): void {
  for (const operation of OPERATIONS) {
    if (fault === null) faults.delete(operation)
    else faults.set(operation, fault)
  }
}

interface Parts extends HostOptions {
  readonly sshd: Sshd
  readonly folder: string
  readonly faulty: Map<HostFault, number>
  readonly startedAt: () => number
}

/** What Lightsail knows of the instance, as it is when it is asked. */
function putInstance(lightsail: LightsailStandIn, { sshd, folder, faulty, names, now, startedAt }: Parts): void {
  const bootedAt = now() - UP_MS
  lightsail.instances.set(names.instance, {
    state: 'running',
    get metrics() {
      return metricsOf(faulty, now())
    },
    get accessDetails() {
      // Whoever asks for these comes in next, and hears how it is at this moment.
      writeSayings(folder, sayingsOf(names.unit, faulty, { now: now(), bootedAt, startedAt: startedAt() }))
      return { ...sshd.access(faulty.has('certificate') ? { principal: 'nobody-here' } : {}), instanceName: names.instance }
    },
  })
}

/** An sshd that was seen to let us in. */
async function startDoor(folder: string): Promise<Sshd> {
  const sshd = await startSshd({ folder, path: `${installPrograms(folder)}:/usr/bin:/bin` })
  try {
    await probe(sshd, folder)
    return sshd
  } catch (error) {
    await sshd.close()
    throw error
  }
}

async function start(options: HostOptions): Promise<Host> {
  const { directory, names, now } = options
  const folder = join(directory, 'host')
  await mkdir(folder, { mode: 0o700 })
  const faulty = new Map<HostFault, number>()
  const listeners = new Set<() => void>()
  const requests: HostRequest[] = []
  let looks = 0
  let startedAt = now() - UP_MS + 42_000
  const changed = (): void => listeners.forEach((listener) => listener())
  const heard = (request: LightsailRequest): void => {
    requests.push({ at: now(), ...request })
    if (requests.length > MOST_REQUESTS) requests.shift()
    // Each look asks for the state once; what the client asks again is the same look.
    if (request.operation === 'GetInstanceState' && request.attempt === 1) looks += 1
    changed()
  }
  const lightsail = await startLightsail(names.region, heard)
  const sshd = await startDoor(folder).catch(async (error: unknown) => {
    await lightsail.close()
    throw error
  })
  putInstance(lightsail, { ...options, sshd, folder, faulty, startedAt: () => startedAt })
  const mend = (fault: HostFault): void => {
    if (faulty.delete(fault) && fault === 'service') startedAt = now()
  }
  const settle = async (): Promise<void> => {
    answerAs(lightsail, faultOf(faulty))
    looks = 0
    await (faulty.has('ssh') ? sshd.close() : sshd.open())
    changed()
  }
  // One after the other: a port is not free while its last listener goes.
  let settled = Promise.resolve()
  const apply = (): Promise<void> => (settled = settled.catch(() => undefined).then(settle))
  return {
    places: { ...names, lightsailUrl: lightsail.url, sshPort: sshd.port },
    why: '',
    isOn: (fault) => faulty.has(fault),
    set(fault, on) {
      if (on && !faulty.has(fault)) faulty.set(fault, now())
      if (!on) mend(fault)
      return apply()
    },
    clear() {
      for (const fault of faulty.keys()) mend(fault)
      return apply()
    },
    looks: () => looks,
    requests,
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async stop() {
      await Promise.all([sshd.close(), lightsail.close()])
    },
  }
}

/** A healthy host, listening; where this machine cannot play one, a host that says so. */
export async function startHost(options: HostOptions): Promise<Host> {
  const missing = missingForSshd()
  if (missing !== null) return noHost(CURES[missing])
  try {
    return await start(options)
  } catch (error) {
    return noHost(`its sshd does not work here (${error instanceof Error ? error.message : String(error)})`)
  }
}
