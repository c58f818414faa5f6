import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { describe, expect, it, onTestFinished } from 'vitest'

import { hasSshd } from '../support/host-sshd.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Runs the sandbox as `npm run sandbox < lines` does. */
async function play(lines: readonly string[], ...options: string[]): Promise<{ output: string; errors: string; code: number | null }> {
  const child = spawn(process.execPath, ['sandbox/main.ts', ...options], { cwd: ROOT, env: { ...process.env, TZ: 'America/Los_Angeles' } })
  onTestFinished(() => void child.kill('SIGTERM'))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.stdin.end(`${lines.join('\n')}\n`)
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { output, errors, code }
}

const count = (output: string, pattern: RegExp): number => [...output.matchAll(pattern)].length

// About 9 s each on an idle machine; the rest is room for one that is not.
describe('npm run sandbox', { timeout: 40_000 }, () => {
  it('tells the story of a dead token from the alert to the proven recovery, and leaves nothing behind', async () => {
    const { output, errors, code } = await play(['revoke', 'consent', '/jada status', 'quit'])
    expect(errors).toBe('')
    expect(code).toBe(0)
    expect(count(output, /posts a card, red\n {2}│ CRITICAL: /g)).toBe(1)
    expect(count(output, /edits the card, green\n {2}│ RESOLVED: The port sheet syncs again/g)).toBe(1)
    expect(count(output, /in the thread\n\s+Recovered after /g)).toBe(1)
    expect(output).toMatch(/\[Re-authorize\] http:\/\/127\.0\.0\.1:\d+\/oauth\/google\/start\?ticket=/)
    expect(output).toContain('or type: consent')
    expect(output.indexOf('RESOLVED')).toBeLessThan(output.indexOf('> /jada status'))
    expect(output).toMatch(/> \/jada status[\s\S]+Port sheet: OK/)
    const directory = /its files +(\S+)\/data,/.exec(output)?.[1] ?? ''
    expect(directory).toContain('jada-sandbox-')
    expect(existsSync(directory)).toBe(false)
  })

  it('begins unconnected when asked, survives a kill, and ends with its input', async () => {
    const { output, code } = await play(['/jada statsu', 'kill', '/jada status', 'start', 'consent', 'nonsense'], '--unconnected')
    expect(code).toBe(0)
    expect(output).toContain('Did you mean `/jada status`?')
    expect(output).toContain('dispatch_failed')
    expect(output).toContain('Google is connected.')
    expect(output).toContain('"nonsense" is no word of the sandbox')
  })

  it.skipIf(!hasSshd)('plays a server that loses its service, and gets it back', async () => {
    const { output, code } = await play(['host service', 'look', 'host works', 'look', 'look'], '--unconnected')
    expect(code).toBe(0)
    expect(output).toMatch(/the host +jada-prod, by http:\/\/127\.0\.0\.1:\d+ and a real sshd on port \d+/)
    expect(output).toMatch(/CRITICAL at the first look\.[\s\S]+Server: CRITICAL[\s\S]+Server: OK/)
    expect(count(output, /posts a card, red\n {2}│ CRITICAL: .*service/g)).toBe(1)
    expect(count(output, /edits the card, green\n {2}│ RESOLVED: .*service/g)).toBe(1)
  })
})
