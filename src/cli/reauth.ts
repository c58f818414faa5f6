import { createInterface } from 'node:readline'
import { awaitProof, beginTerminalConsent, isBotRunning, lastSync, outcomeWords, type TerminalConsent } from '../app/terminal-consent.ts'
import { openTerminalCore, print, runScript } from './terminal.ts'

/** `npm run reauth [-- --repin]`: Google's consent from a terminal, without Slack. */

const USAGE = `npm run reauth              re-authorize Google with the connected account
npm run reauth -- --repin   connect another Google account`

function instructions(consent: TerminalConsent): void {
  print('1. Open this address in a browser, on any machine, and consent:')
  print(`\n   ${consent.url}\n`)
  print(
    consent.listens
      ? '2. In a browser on this machine the rest happens by itself. Elsewhere the last page will not load: copy its whole address and paste it here.'
      : `2. The page after that ends on ${consent.redirectUri}. Copy its whole address, whether it loads or not, and paste it here.`,
  )
}

/** The first line that holds a state; null when standard input ends. */
async function pasted(): Promise<string | null> {
  const lines = createInterface({ input: process.stdin })
  for await (const text of lines) {
    const address = text.trim()
    if (address === '') continue
    if (URL.parse(address)?.searchParams.has('state') === true) return address
    print('This is not the address: it begins with http and holds state=. Paste all of it.')
  }
  return null
}

runScript(async () => {
  const words = process.argv.slice(2)
  if (words.includes('--help')) {
    print(USAGE)
    return 0
  }
  const unknown = words.find((word) => word !== '--repin')
  if (unknown !== undefined) {
    print(`Unknown option ${unknown}.\n${USAGE}`)
    return 2
  }
  const core = await openTerminalCore()
  const consent = await beginTerminalConsent(core, words.includes('--repin'))
  instructions(consent)
  const before = await lastSync(core)
  const fromPaste = pasted().then((address) => (address === null ? null : consent.finish(address)))
  // Without a terminal there is no line to wait for, but the browser may still come back.
  const outcome = await (consent.listens
    ? Promise.race([consent.cameBack, fromPaste.then((found) => found ?? consent.cameBack)])
    : fromPaste)
  await consent.close()
  if (outcome === null) {
    print('Nothing was pasted, so nothing was changed.')
    return 1
  }
  const said = outcomeWords(outcome)
  print(`\n${said.title}. ${said.lines.join(' ')}`)
  if (outcome.kind !== 'connected') return 1
  if (!isBotRunning(core)) {
    print('The bot is not running here. Start it, and the sync that proves the token runs at once.')
    return 0
  }
  print('Waiting for the sync that proves it.')
  const run = await awaitProof(core, before)
  print(
    run === null
      ? 'The sync has not ended yet; look at /jada status.'
      : `The sync ended: ${run.outcome ?? 'unknown'} (${run.summary ?? ''}).`,
  )
  return run?.outcome === 'blocked' ? 1 : 0
})
