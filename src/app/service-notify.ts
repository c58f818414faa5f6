import { spawn } from 'node:child_process'
import type { Clock } from '../clock.ts'
import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'

/** What systemd tells a service of `Type=notify` (sd_notify(3), sd_watchdog_enabled(3)). */
export interface ServiceEnvironment {
  readonly socket: string | undefined
  /** Microseconds within which it wants to hear of us; undefined: no watchdog. */
  readonly watchdogUsec: string | undefined
  /** The process the watchdog is about; undefined: whoever speaks. */
  readonly watchdogPid: string | undefined
  readonly path: string | undefined
}

/** Sends fields such as `READY=1`. Rejects when nobody was told. */
export type Tell = (fields: readonly string[]) => Promise<void>

export interface ServiceNotify {
  /** The loops turn and the port is open: from now on the watchdog is fed. */
  ready(): void
  /** The end was asked for: the watchdog is not fed any more. */
  stopping(): void
}

export interface ServiceNotifyDeps {
  readonly clock: Clock
  readonly log: Log
  readonly environment: ServiceEnvironment
  readonly pid: number
  /** Why the loops do not turn; nothing when they do. `since`: when they began (monotonic), for the time before their first look ends. */
  readonly problems: (since: number) => readonly string[]
  readonly tell: Tell
}

const SEND_TIMEOUT_MS = 10_000

/** Node has no datagram sockets of the file system, so systemd's own tool speaks; it gets nothing of our environment but the address. */
export function systemdNotify({ socket = '', path = '/usr/bin:/bin' }: ServiceEnvironment): Tell {
  return (fields) =>
    new Promise((resolve, reject) => {
      const child = spawn('systemd-notify', fields, {
        env: { PATH: path, NOTIFY_SOCKET: socket },
        stdio: 'ignore',
        timeout: SEND_TIMEOUT_MS,
        killSignal: 'SIGKILL',
      })
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        if (code === 0) resolve()
        else reject(new Error(`systemd-notify ended with ${code ?? signal ?? 'nothing'}`))
      })
    })
}

/** Three chances within the time that systemd gives. Null: there is no watchdog, or it is about another process. */
export function watchdogPeriodMs({ watchdogUsec, watchdogPid }: ServiceEnvironment, pid: number): number | null {
  const usec = Number(watchdogUsec)
  if (!Number.isFinite(usec) || usec <= 0) return null
  return watchdogPid === undefined || watchdogPid === String(pid) ? usec / 3000 : null
}

/** Silent without systemd. Feeds the watchdog only while the loops turn: a timer alone would keep a bot alive that does nothing. */
export function createServiceNotify(deps: ServiceNotifyDeps): ServiceNotify {
  const { clock, log, environment, pid, problems } = deps
  const periodMs = watchdogPeriodMs(environment, pid)
  let stopped = environment.socket === undefined || environment.socket === ''
  let said = ''
  let unwell = false
  const tell = async (fields: readonly string[]): Promise<void> => {
    await deps.tell(fields).catch((error: unknown) => {
      log.warn('service', `systemd was not told: ${describeError(error)}`)
    })
  }
  const look = async (since: number): Promise<void> => {
    if (stopped) return
    const found = problems(since)
    const status = found.length === 0 ? 'The loops turn' : `In trouble: ${found.join('; ')}`
    const fields = [...(found.length === 0 ? ['WATCHDOG=1'] : []), ...(status === said ? [] : [`STATUS=${status}`])]
    if (found.length > 0 && !unwell) log.error('service', `the watchdog is not fed: ${found.join('; ')}`)
    said = status
    unwell = found.length > 0
    if (fields.length > 0) await tell(fields)
    // Only now: a slow answer must not pile up children.
    if (periodMs !== null) clock.after(periodMs, () => void look(since))
  }
  return {
    ready: () => {
      if (stopped) return
      const since = clock.monotonic()
      void tell(['READY=1', 'STATUS=Started']).then(() => look(since))
    },
    stopping: () => {
      if (stopped) return
      stopped = true
      void tell(['STOPPING=1', 'STATUS=Stopping'])
    },
  }
}
