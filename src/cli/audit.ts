import { auditJson, auditLines, auditNow, exitCodeOf } from '../app/audit.ts'
import { createHost } from '../app/host.ts'
import { openTerminalCore, print, runScript } from './terminal.ts'

/** `npm run audit [-- --json]`: a health audit of the server in the terminal; what its exit codes say stands in USAGE. */

const USAGE = `npm run audit            look at the server now
npm run audit -- --json  the same as one line of JSON

Exit code 0: all is well; 1: something is not; 3: nothing bad was seen, but not everything could be.`

runScript(async () => {
  const words = process.argv.slice(2)
  const unknown = words.find((word) => word !== '--json' && word !== '--help')
  if (unknown !== undefined || words.includes('--help')) {
    print(unknown === undefined ? USAGE : `Unknown option ${unknown}.\n${USAGE}`)
    return unknown === undefined ? 0 : 2
  }
  const core = await openTerminalCore()
  const audit = await auditNow(core, createHost(core.config, core.clock))
  for (const line of words.includes('--json') ? [auditJson(audit)] : auditLines(audit)) print(line)
  await core.database.close()
  return exitCodeOf(audit)
})
