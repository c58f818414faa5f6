import { createApp, type App } from './app.ts'
import { startHeartbeat } from './app/heartbeat.ts'
import { createServiceNotify, systemdNotify, type ServiceEnvironment, type ServiceNotify } from './app/service-notify.ts'
import { ConfigError, readConfig } from './config.ts'
import { describeError, JadaError } from './errors.ts'
import { redact } from './log.ts'

/** sysexits.h: EX_CONFIG. systemd's `RestartPreventExitStatus=78` keeps such a bot from restarting in vain. */
const EXIT_CONFIG = 78

function complain(error: unknown): number {
  if (error instanceof ConfigError) {
    const list = error.problems.map((problem) => `  - ${problem}`).join('\n')
    process.stderr.write(`${error.message}\n${list}\n\nSettings come from the environment or the file .env (see .env.example).\n`)
    process.stderr.write('To see the bot at work without any account: npm run sandbox\n')
    return EXIT_CONFIG
  }
  process.stderr.write(`${redact(error instanceof JadaError ? error.message : describeError(error))}\n`)
  return error instanceof JadaError && error.retry === 'never' ? EXIT_CONFIG : 1
}

function connectService({ core: { clock, log }, health }: App, env: NodeJS.ProcessEnv): ServiceNotify {
  const environment: ServiceEnvironment = {
    socket: env['NOTIFY_SOCKET'],
    watchdogUsec: env['WATCHDOG_USEC'],
    watchdogPid: env['WATCHDOG_PID'],
    path: env['PATH'],
  }
  return createServiceNotify({ clock, log, environment, pid: process.pid, problems: health, tell: systemdNotify(environment) })
}

// Lightsail's metadata service offers a role that is not ours, and every call with it would be refused.
process.env['AWS_EC2_METADATA_DISABLED'] ??= 'true'

async function run(): Promise<void> {
  const app: App = await createApp(readConfig(process.env))
  const { log, clock } = app.core
  const service = connectService(app, process.env)
  const crash = (error: unknown): void => {
    // Socket Mode reports a refused reconnect this way. Nothing is lost by a restart: all state is in the database.
    log.error('process', `stopping: ${describeError(error)}`)
    process.exit(1)
  }
  process.on('unhandledRejection', crash)
  process.on('uncaughtException', crash)
  const stop = (signal: string): void => {
    log.info('process', `stopping on ${signal}`)
    service.stopping()
    app.stop().then(() => process.exit(0), crash)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  await app.start()
  service.ready()
  startHeartbeat({ clock, log, problems: app.health })
}

run().catch((error: unknown) => {
  process.exitCode = complain(error)
  // Whatever was opened before the failure must not keep the process alive.
  process.exit()
})
