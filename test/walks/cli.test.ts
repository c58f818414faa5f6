import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { startSns } from '../../sandbox/sns/sns.ts'
import { createWorld, OFFICE, type World } from '../support/world.ts'

let world: World
afterEach(() => world.dispose())

const TOPIC = 'arn:aws:sns:us-west-2:123456789012:jada-bot-alerts'
const SCRIPTS = new URL('../../src/cli/', import.meta.url).pathname

interface Script {
  readonly output: () => string
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly type: (line: string) => void
  readonly code: Promise<number>
}

function run(name: string, env: Readonly<Record<string, string>>, ...words: string[]): Script {
  const child = spawn(process.execPath, [`${SCRIPTS}${name}.ts`, ...words], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '', ...env },
  })
  let text = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      for (const listener of listeners) listener()
    })
  }
  const code = once(child, 'exit').then(([exit]) => Number(exit))
  return {
    output: () => text,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(text)
          if (found !== null) resolve(found)
        }
        listeners.add(look)
        void code.then(() => {
          look()
          reject(new Error(`ended without ${String(pattern)}:\n${text}`))
        })
        look()
      }),
    type: (line) => child.stdin.write(`${line}\n`),
    code,
  }
}

describe('npm run doctor', () => {
  it('lists every problem of the settings with its cure', async () => {
    world = await createWorld()
    const script = run('doctor', { SLACK_BOT_TOKEN: 'xoxp-wrong' })
    expect(await script.code).toBe(1)
    expect(script.output()).toContain('SLACK_BOT_TOKEN: is not a bot token')
    expect(script.output()).toContain('JADA_SECRET_KEY: is missing')
    expect(script.output()).toContain('openssl rand -base64 32')
    expect(script.output()).not.toContain('xoxp-wrong')
  })

  it('finds all well, and finds a dead token', async () => {
    world = await createWorld({ real: true })
    await world.connect()
    const well = run('doctor', world.env)
    expect(await well.code, well.output()).toBe(0)
    expect(well.output()).toMatch(/ok {4}Slack bot token +jada-bot in JADA Charters, all scopes granted/)
    expect(well.output()).toMatch(/ok {4}Port sheet +tabs "\d{4}-\d\d", "\d{4}-\d\d"/)
    expect(well.output()).toMatch(/ok {4}Claude +the key is accepted for claude-haiku-5-5, claude-sonnet-5-5/)
    expect(well.output()).toMatch(/(?:ok {2}|warn) {2}Server +\S+, jada-agent\.service: /)
    expect(well.output()).not.toContain('SNS topic')
    world.google.revokeAll(OFFICE)
    const sns = await startSns('us-west-2')
    sns.topics.set(TOPIC, { confirmed: 0, pending: 1 })
    const ill = run('doctor', {
      ...world.env,
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'secret-access-key',
      AWS_REGION: 'us-west-2',
      LIGHTSAIL_INSTANCE: 'jada-prod',
      AWS_ENDPOINT_URL_LIGHTSAIL: 'http://127.0.0.1:1',
      JADA_SNS_TOPIC_ARN: TOPIC,
      AWS_ENDPOINT_URL_SNS: sns.url,
    })
    expect(await ill.code).toBe(1)
    await sns.close()
    expect(ill.output()).toMatch(/warn {2}Server +jada-prod, jada-agent\.service: .*Lightsail could not be reached \(ECONNREFUSED\)/)
    expect(ill.output()).toMatch(/warn {2}SNS topic +the topic is there, but nobody would be told: confirm the mail from AWS/)
    expect(ill.output()).toMatch(/FAIL {2}Google token +Google refuses our token \(invalid_grant, HTTP 400\)/)
    expect(ill.output()).not.toMatch(/1\/\/|ya29|xoxb-/)
  })
})

describe('npm run reauth', () => {
  it('by pasting, while the bot runs: the bot syncs and the script says so', async () => {
    world = await createWorld({ real: true })
    await world.connect()
    world.google.revokeAll(OFFICE)
    const script = run('reauth', world.env)
    const [url = ''] = await script.says(/http\S+code_challenge\S+/)
    script.type('not an address')
    await script.says(/This is not the address/)
    script.type(await world.google.consent(url, { account: OFFICE }))
    await script.says(/Google is connected/)
    await script.says(/Waiting for the sync/)
    await world.pass(60_000)
    await script.says(/The sync ended: synced/)
    expect(await script.code).toBe(0)
  })

  it('without the bot: the browser comes back to the script itself', async () => {
    world = await createWorld({ real: true })
    await world.stop()
    const script = run('reauth', world.env)
    const [url = ''] = await script.says(/http\S+code_challenge\S+/)
    const page = await fetch(await world.google.consent(url, { account: OFFICE }))
    expect(await page.text()).toContain('Google is connected')
    expect(await script.code).toBe(0)
    expect(script.output()).toContain('The bot is not running here')
    await world.restart()
    await world.pass(60_000)
    expect(await world.jada('status')).toContain('Port sheet: OK')
  })

  it('an unknown option is refused with the usage', async () => {
    world = await createWorld()
    const script = run('reauth', world.env, '--force')
    expect(await script.code).toBe(2)
    expect(script.output()).toContain('npm run reauth -- --repin')
  })
})
