import { examine, type Finding } from '../app/doctor.ts'
import { ConfigError, readConfig } from '../config.ts'
import { openTerminalCore, print, printConfigError, runScript } from './terminal.ts'

/** `npm run doctor`: checks settings, credentials, scopes, clock and paths; one line each, exit 1 on a failure. */

const WORD: Readonly<Record<Finding['level'], string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' }

function line({ level, name, text }: Finding): void {
  print(`${WORD[level]}  ${name.padEnd(18)} ${text}`)
}

runScript(async () => {
  line({ level: 'ok', name: 'Node', text: process.version })
  try {
    readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    line({ level: 'fail', name: 'Settings', text: 'see below; the other checks need them' })
    printConfigError(error)
    print('A secret key is made with: openssl rand -base64 32')
    return 1
  }
  line({ level: 'ok', name: 'Settings', text: 'complete' })
  const core = await openTerminalCore()
  const findings: Finding[] = []
  for await (const finding of examine(core.config, core)) {
    line(finding)
    findings.push(finding)
  }
  await core.database.close()
  return findings.some(({ level }) => level === 'fail') ? 1 : 0
})
