import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import { startHeartbeat } from '../../src/app/heartbeat.ts'
import { createLog } from '../../src/log.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { ROOT } from '../support/repo-imports.ts'
import { freePort } from '../support/world.ts'

const file = (name: string): string => readFileSync(join(ROOT, 'deploy', name), 'utf8')
const has = (tool: string, ...words: string[]): boolean => spawnSync(tool, words).status === 0

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jada-outside-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe('CloudWatch', () => {
  const template = file('cloudwatch/template.yml')

  test('cfn-lint has nothing to say about the template', { timeout: 60_000 }, () => {
    const isCommitted = spawnSync('git', ['diff', '--quiet', 'HEAD', '--', 'deploy/cloudwatch/template.yml'], { cwd: ROOT }).status === 0
    if (isCommitted && process.env['CI'] === undefined) {
      // It takes seconds to start.
      console.warn('The CloudFormation template is NOT CHECKED: it is as it was committed. CI=1 checks it anyway.')
      return
    }
    const { stdout, stderr, error } = spawnSync('cfn-lint', [join(ROOT, 'deploy/cloudwatch/template.yml')], { encoding: 'utf8' })
    if (error !== undefined)
      console.warn('The CloudFormation template is NOT CHECKED: there is no cfn-lint. Install it with pip install cfn-lint.')
    else expect(stdout + stderr).toBe('')
  })

  it('looks for the very words of the heartbeat, and for silence', () => {
    const clock = createFakeClock(Date.UTC(2026, 10, 2))
    const lines: string[] = []
    startHeartbeat({ clock, log: createLog({ clock, write: (line) => lines.push(line) }), problems: () => [] })
    const words = /FilterPattern: '"([^"]+)"'/.exec(template)?.[1] ?? 'no pattern'
    expect(lines[0]).toContain(words)
    expect(template).toMatch(/MetricName: Heartbeats[\s\S]*TreatMissingData: breaching/)
    expect(template).toContain(`FilterPattern: '{ $.severity = "CRITICAL" }'`)
  })

  it('gets what the bot writes: the agent reads the files of the unit into the groups of the template', () => {
    const agent = JSON.parse(file('cloudwatch/agent.json')) as {
      logs: { logs_collected: { files: { collect_list: { file_path: string; log_group_name: string }[] } } }
    }
    const collected = agent.logs.logs_collected.files.collect_list
    expect(collected).toHaveLength(2)
    for (const { file_path: path, log_group_name: group } of collected) {
      expect(file('systemd/jada-bot.service')).toContain(`=${path}\n`)
      expect(file('logrotate/jada-bot')).toContain(path)
      expect(template).toContain(`LogGroupName: ${group}\n`)
    }
  })

  it('lets nobody log in to any host but the one that is named', () => {
    const statements = template.split(/- Sid: /).filter((text) => text.includes('GetInstanceAccessDetails'))
    expect(statements).toHaveLength(1)
    expect(statements[0]).toContain('Resource: !Ref InstanceArn')
    expect(template).not.toMatch(/Action:\s*['"]?(?:\*|\w+:\*)/)
  })
})

describe('logrotate', () => {
  test.skipIf(!has('logrotate', '--version'))('understands its file', () => {
    const copy = join(temporary(), 'jada-bot')
    // The user is there only after an installation.
    writeFileSync(copy, file('logrotate/jada-bot').replaceAll('jada jada', 'root root'), { mode: 0o644 })
    const { stderr } = spawnSync('logrotate', ['--debug', '--state', join(temporary(), 'state'), copy], { encoding: 'utf8' })
    expect(stderr).toContain('weekly (12 rotations)')
    expect(stderr).not.toMatch(/^error/m)
  })
})

const hasCaddy = has('caddy', 'version')

describe('Caddy', () => {
  test('is there to test with', () => {
    if (!hasCaddy) console.warn('The Caddyfile is only READ: there is no caddy. Install it with apt-get install caddy.')
    expect(file('caddy/Caddyfile')).toContain('@public path /oauth/* /crew/* /sign/* /assets/* /runbook\n')
    expect(file('caddy/Caddyfile')).not.toMatch(/^\s*log\b/m)
  })

  test.skipIf(!hasCaddy)('passes on the public routes only, and says itself who asks', async () => {
    const seen: string[] = []
    const bot = createServer((request, response) => {
      seen.push(`${request.method ?? ''} ${request.url ?? ''} ${String(request.headers['x-forwarded-for'])}`)
      response.end('bot')
    })
    await new Promise<void>((resolve) => bot.listen(0, '127.0.0.1', resolve))
    const port = await freePort()
    const folder = temporary()
    const config = file('caddy/Caddyfile')
      .replace('bot.example.com {', `http://127.0.0.1:${port} {`)
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${(bot.address() as AddressInfo).port}`)
    writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n}\n${config}`)
    const env = { PATH: process.env['PATH'], HOME: folder }
    const caddy = spawn('caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], { env, stdio: 'ignore' })
    onTestFinished(() => {
      caddy.kill('SIGKILL')
      bot.close()
    })
    const ask = async (path: string, init: RequestInit = {}): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}${path}`, init)).status
    await expect.poll(() => ask('/nothing').catch(() => 0), { timeout: 10_000, interval: 50 }).toBe(404)
    const lie = { headers: { 'x-forwarded-for': '203.0.113.7' } }
    for (const path of ['/oauth/google/start?ticket=x', '/crew/token', '/sign/token', '/assets/sign.js'])
      expect(await ask(path, lie), path).toBe(200)
    expect(await ask('/slack/events', { method: 'POST' })).toBe(200)
    expect(new Set(seen.map((line) => line.split(' ')[2]))).toEqual(new Set(['127.0.0.1']))
    seen.length = 0
    for (const path of [
      '/healthz',
      '/metrics',
      '/api/tasks',
      '/slack/events',
      '/',
      '/crew/..%2fmetrics',
      '/crew/%2e%2e/metrics',
      '//metrics',
    ])
      expect(await ask(path), path).toBe(404)
    expect(seen).toEqual([])
  })
})
