import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig, type Config } from '../src/config.ts'
import { Variables as Environment } from '../src/variables.ts'
import { temporaryFolder } from './support/repo-database.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')

const MINIMUM = {
  SLACK_BOT_TOKEN: 'xoxb-bot-token-value',
  SLACK_APP_TOKEN: 'xapp-app-token-value',
  JADA_OPS_CHANNEL: 'C0OPS',
  JADA_OPERATORS: 'U0MARA,U0JON',
  GOOGLE_CLIENT_ID: 'client.apps.googleusercontent.com',
  GOOGLE_CLIENT_SECRET: 'GOCSPX-client-secret-value',
  JADA_SHEET_ID: '1AbC_d-E',
  JADA_SECRET_KEY: KEY,
}

type Variables = Record<string, string | undefined>

function problemsOf(variables: Variables): readonly string[] {
  try {
    readConfig(variables)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const withOnly = (change: Variables): Config => readConfig({ ...MINIMUM, ...change })

describe('defaults', () => {
  test('are those of the contract', () => {
    const config = readConfig(MINIMUM)
    const { slack, http, google, sheet, agent, ...rest } = config
    expect({ ...slack, botToken: 0, appToken: 0 }).toEqual({
      botToken: 0,
      appToken: 0,
      signingSecret: undefined,
      apiUrl: 'https://slack.com/api/',
      opsChannel: 'C0OPS',
      operators: ['U0MARA', 'U0JON'],
      onDuty: 'U0MARA',
    })
    expect(http).toEqual({ port: 3000, host: '127.0.0.1', publicUrl: undefined, trustProxy: false })
    expect({ ...google, clientSecret: 0 }).toEqual({
      clientId: 'client.apps.googleusercontent.com',
      clientSecret: 0,
      authUrl: undefined,
      tokenUrl: undefined,
      sheetsUrl: undefined,
    })
    expect(sheet).toEqual({ id: '1AbC_d-E', tab: '{yyyy}-{MM}', cron: '*/30 * * * *', confirmDelaysMs: [5000, 15_000, 45_000] })
    expect(agent).toEqual({
      apiKey: undefined,
      baseUrl: undefined,
      limits: { sessionsPerDay: 5, reservedSessions: 0, maxTurns: 30, dailyBudget: 5_000_000 },
      questionBudget: 500_000,
      pollMs: 60_000,
    })
    expect({ ...rest, secretKey: 0 }).toEqual({
      secretKey: 0,
      variables: expect.any(Environment),
      previousSecretKey: undefined,
      host: { unit: 'jada-agent.service', lightsail: undefined, sshPort: 22, runDir: './data/run' },
      zone: 'America/Los_Angeles',
      dataDir: './data',
      backupDays: 14,
      logFile: undefined,
      configDir: undefined,
      alertLog: '/var/log/jada-agent-alerts.log',
      apiToken: undefined,
      sns: undefined,
    })
  })

  test('an empty variable is an unset one', () => {
    expect(withOnly({ PORT: '', JADA_SHEET_TAB: '  ', SLACK_API_URL: '' })).toEqual(readConfig(MINIMUM))
    expect(problemsOf({ ...MINIMUM, JADA_SHEET_ID: '' })).toEqual([expect.stringContaining('JADA_SHEET_ID: is missing')])
  })
})

describe('what is set', () => {
  test('is taken as it is meant', () => {
    const config = withOnly({
      SLACK_API_URL: 'http://127.0.0.1:9000/api',
      JADA_OPERATORS: ' U0MARA , U0JON ,',
      JADA_ON_DUTY: 'U0JON',
      PORT: '0',
      JADA_PUBLIC_URL: 'https://bot.jada.example///',
      JADA_TRUST_PROXY: 'Yes',
      GOOGLE_SHEETS_URL: 'http://127.0.0.1:9001',
      JADA_SYNC_CRON: '0 6 * * 1',
      JADA_CONFIRM_DELAYS: '0.05, 1,2.5 ,3',
      JADA_SESSIONS_PER_DAY: '8',
      JADA_RESERVED_SESSIONS: '8',
      JADA_MAX_TURNS: '1',
      JADA_POLL_SECONDS: '5',
      JADA_DAILY_BUDGET_USD: '2.505',
      JADA_QUESTION_BUDGET_USD: '0.25',
      JADA_API_TOKEN: 'sixteen-and-more',
      ANTHROPIC_API_KEY: 'sk-ant-api-key-value',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:9002/',
    })
    expect(config.slack).toMatchObject({ apiUrl: 'http://127.0.0.1:9000/api/', operators: ['U0MARA', 'U0JON'], onDuty: 'U0JON' })
    expect(config.http).toMatchObject({ port: 0, publicUrl: 'https://bot.jada.example', trustProxy: true })
    expect(config.google.sheetsUrl).toBe('http://127.0.0.1:9001/')
    expect(config.sheet).toMatchObject({ cron: '0 6 * * 1', confirmDelaysMs: [50, 1000, 2500, 3000] })
    expect(config.agent).toMatchObject({
      baseUrl: 'http://127.0.0.1:9002',
      limits: { sessionsPerDay: 8, reservedSessions: 8, maxTurns: 1, dailyBudget: 2_505_000 },
      pollMs: 5000,
    })
    expect(config.agent.apiKey?.reveal()).toBe('sk-ant-api-key-value')
    expect(config.apiToken?.reveal()).toBe('sixteen-and-more')
  })

  test('an SNS topic names its region itself', () => {
    const topic = 'arn:aws:sns:us-west-2:123456789012:jada-bot-alerts'
    expect(withOnly({ JADA_SNS_TOPIC_ARN: topic }).sns).toEqual({ topic, region: 'us-west-2', url: undefined })
    for (const wrong of ['jada-bot-alerts', topic.replace(':sns:', ':sqs:'), `${topic}.fifo.fifo`, `${topic} `, topic.replace('2:', '2:1')])
      expect(problemsOf({ ...MINIMUM, JADA_SNS_TOPIC_ARN: wrong })).toEqual([
        expect.stringContaining('JADA_SNS_TOPIC_ARN: must be the ARN'),
      ])
  })

  test.each([
    ['true', true],
    ['1', true],
    [' on ', true],
    ['no', false],
    ['FALSE', false],
    ['0', false],
  ])('a proxy is trusted with %j: %s', (value, trusted) => {
    expect(withOnly({ JADA_TRUST_PROXY: value }).http.trustProxy).toBe(trusted)
    expect(problemsOf({ ...MINIMUM, JADA_TRUST_PROXY: 'perhaps' })).toEqual(['JADA_TRUST_PROXY: must be true or false'])
  })

  test('an instance is watched in its region, with keys in memory where systemd gives a place', () => {
    const remote = {
      LIGHTSAIL_INSTANCE: 'jada-prod',
      AWS_REGION: 'us-west-2',
      JADA_UNIT: 'jada@1.service',
      JADA_SSH_PORT: '2222',
      RUNTIME_DIRECTORY: '/run/jada:/run/more',
    }
    expect(withOnly(remote).host).toEqual({
      unit: 'jada@1.service',
      lightsail: { instance: 'jada-prod', region: 'us-west-2', url: undefined },
      sshPort: 2222,
      runDir: '/run/jada/run',
    })
    const odd = { ...remote, LIGHTSAIL_INSTANCE: 'my server' }
    expect(problemsOf({ ...MINIMUM, ...odd })).toEqual([
      expect.stringMatching(/^LIGHTSAIL_INSTANCE: must be the name of a Lightsail instance/),
    ])
    // A region alone is set on many machines.
    expect(withOnly({ AWS_REGION: 'us-west-2' }).host.lightsail).toBeUndefined()
    expect(problemsOf({ ...MINIMUM, LIGHTSAIL_INSTANCE: 'jada-prod' })).toEqual([
      expect.stringMatching(/^AWS_REGION: is missing; .*us-west-2/),
    ])
  })

  test('no session a day is a setting, too', () => {
    expect(withOnly({ JADA_SESSIONS_PER_DAY: '0', JADA_DAILY_BUDGET_USD: '0' }).agent.limits).toMatchObject({
      sessionsPerDay: 0,
      dailyBudget: 0,
    })
  })

  test('HTTP mode needs the signing secret instead of the app token', () => {
    const config = withOnly({ SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 'sixteen-and-more' })
    expect(config.slack.appToken).toBeUndefined()
    expect(config.slack.signingSecret?.reveal()).toBe('sixteen-and-more')
  })

  test.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'https://bot.jada.example'])('%s may be the public address', (url) => {
    expect(withOnly({ JADA_PUBLIC_URL: url }).http.publicUrl).toBe(url)
  })
})

/** A wrong value, and what must be said about it: the fault and its cure. */
const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ['SLACK_BOT_TOKEN', 'xoxp-a-user-token', /must begin with xoxb-/],
  ['SLACK_APP_TOKEN', 'xoxb-a-bot-token', /must begin with xapp-/],
  ['SLACK_SIGNING_SECRET', 'abcdefg', /copy it from the Slack app, Basic Information/],
  ['SLACK_API_URL', 'slack.com/api', /write it like https:/],
  ['JADA_OPS_CHANNEL', '#alerts', /channel id such as C012AB3CD .*not a name/],
  ['JADA_OPERATORS', '@mara', /user ids such as U012AB3CD .*not names/],
  ['JADA_OPERATORS', ' , ', /give at least one/],
  ['JADA_ON_DUTY', 'mara', /one Slack user id such as/],
  ['PORT', '80a', /whole number from 0 to 65535/],
  ['PORT', '65536', /from 0 to 65535/],
  ['PORT', '-1', /whole number/],
  ['JADA_PUBLIC_URL', 'http://bot.jada.example', /must begin with https:/],
  ['JADA_PUBLIC_URL', 'bot.jada.example', /write it like https:/],
  ['JADA_PUBLIC_URL', 'ftp://bot.jada.example', /write it like https:/],
  ['GOOGLE_TOKEN_URL', 'nowhere', /write it like https:/],
  ['JADA_SHEET_ID', 'https://docs.google.com/spreadsheets/d/1AbC/edit', /only the id, not the whole address/],
  ['JADA_SYNC_CRON', 'every half hour', /five fields, such as \*\/30 \* \* \* \*/],
  ['JADA_SYNC_CRON', '0 */30 * * * *', /five fields/],
  ['JADA_SYNC_CRON', '*/30 * * * 99', /five fields/],
  ['JADA_CONFIRM_DELAYS', '5,15', /at least three delays/],
  ['JADA_CONFIRM_DELAYS', '5,15,soon', /seconds such as 5,15,45/],
  ['JADA_CONFIRM_DELAYS', '5,0,45', /seconds such as 5,15,45/],
  ['JADA_SESSIONS_PER_DAY', 'five', /whole number from 0 to 1000/],
  ['JADA_RESERVED_SESSIONS', '6', /more than JADA_SESSIONS_PER_DAY; keep back at most all/],
  ['JADA_RESERVED_SESSIONS', 'some', /whole number from 0 to 1000/],
  ['JADA_MAX_TURNS', '31', /whole number from 1 to 30/],
  ['JADA_MAX_TURNS', '0', /whole number from 1 to 30/],
  ['JADA_POLL_SECONDS', '4', /whole number from 5 to 3600/],
  ['JADA_DAILY_BUDGET_USD', '$5.00', /dollars from 0 to 10000, such as 5 or 2\.50/],
  ['JADA_DAILY_BUDGET_USD', '5,5', /such as 5 or 2\.50/],
  ['JADA_DAILY_BUDGET_USD', '10001', /from 0 to 10000/],
  ['JADA_UNIT', 'our agent', /service of systemd, such as jada-agent\.service/],
  ['JADA_UNIT', "x'; reboot; '.service", /service of systemd/],
  ['JADA_UNIT', '--version.service', /service of systemd/],
  ['AWS_REGION', 'Oregon', /region such as us-west-2/],
  ['JADA_SSH_PORT', '0', /whole number from 1 to 65535/],
  ['AWS_ENDPOINT_URL_LIGHTSAIL', 'lightsail', /write it like https:/],
  ['JADA_API_TOKEN', 'fifteen-letters', /too short to be safe; make one with: openssl rand/],
  ['ANTHROPIC_API_KEY', 'sk-ant', /copy it from console/],
  ['ANTHROPIC_BASE_URL', 'https://api.anthropic.com/v1', /host alone, such as https:\/\/api\.anthropic\.com: the client adds \/v1/],
  ['ANTHROPIC_BASE_URL', 'api.anthropic.com', /write it like https:/],
  ['JADA_SECRET_KEY', 'hunter2', /32 random bytes in base64; make one with: openssl rand -base64 32/],
  ['JADA_SECRET_KEY', Buffer.alloc(31).toString('base64'), /32 random bytes/],
  ['JADA_SECRET_KEY_PREVIOUS', 'hunter2', /32 random bytes/],
  ['DATABASE_URL', 'postgres://u:p@h/db', /JADA_DATA_DIR only; unset it/],
  ['GOOGLE_SDK_NODE_LOGGING', 'all', /prints access tokens into the log; unset it/],
]

describe('what is wrong', () => {
  test.each(WRONG)('%s=%s is told with its cure, and the value is not repeated', (name, value, said) => {
    const problems = problemsOf({ ...MINIMUM, [name]: value })
    expect([...new Set(problems.map((problem) => problem.split(':')[0]))]).toEqual([name])
    expect(problems[0]).toMatch(said)
    if (value.trim().length > 4) expect(problems[0]).not.toContain(value)
  })

  test('all of it is told at once', () => {
    const everything = Object.fromEntries(WRONG.map(([name, value]) => [name, value]))
    const named = problemsOf(everything).map((problem) => problem.split(':')[0])
    expect(new Set(named)).toEqual(new Set([...Object.keys(everything), 'GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET']))
  })

  test('an empty environment names each required setting once, with where to get it', () => {
    expect(problemsOf({}).map((problem) => problem.split(':')[0])).toEqual([
      'SLACK_BOT_TOKEN',
      'JADA_OPS_CHANNEL',
      'JADA_OPERATORS',
      'GOOGLE_CLIENT_ID',
      'GOOGLE_CLIENT_SECRET',
      'JADA_SHEET_ID',
      'JADA_SECRET_KEY',
      'SLACK_APP_TOKEN',
    ])
    for (const problem of problemsOf({})) expect(problem).toMatch(/^[A-Z_]+: is missing; \S.{15,}/)
  })
})

describe('secrets', () => {
  const OURS = { ANTHROPIC_API_KEY: 'sk-ant-api-key-value', JADA_API_TOKEN: 'an-api-token-of-ours' }
  const VALUES = ['xoxb-bot-token-value', 'xapp-app-token-value', 'GOCSPX-client-secret-value', KEY, ...Object.values(OURS)]

  test('of the configuration are in no printout of it', () => {
    const config = withOnly(OURS)
    const printouts = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true, getters: true }),
      String(config.slack.botToken),
    ]
    for (const value of VALUES) for (const printout of printouts) expect(printout).not.toContain(value)
    expect(config.slack.botToken.reveal()).toBe('xoxb-bot-token-value')
  })

  test('are in no error about them', () => {
    try {
      readConfig({ ...MINIMUM, ...OURS, JADA_SHEET_ID: '?', JADA_SECRET_KEY: 'nearly-a-secret-key-value' })
      expect.unreachable()
    } catch (error) {
      const printout = `${inspect(error, { depth: 9 })} ${String(error)} ${JSON.stringify(error)}`
      for (const value of [...VALUES, 'nearly-a-secret-key-value']) expect(printout).not.toContain(value)
    }
  })
})

describe('node src/main.ts', () => {
  const start = (env: Record<string, string>): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ['src/main.ts'], {
      cwd: new URL('..', import.meta.url),
      env: { PATH: process.env['PATH'] ?? '', ...env },
      encoding: 'utf8',
      timeout: 15_000,
    })

  test('without any setting ends with 78, the whole list, and the way to see it work all the same', () => {
    const { status, stdout, stderr } = start({})
    expect(status).toBe(78)
    expect(stdout).toBe('')
    expect(stderr).toContain('The configuration has 8 problems:')
    for (const name of Object.keys(MINIMUM)) expect(stderr).toContain(`  - ${name}: is missing; `)
    expect(stderr).toContain('npm run sandbox')
  })

  test('with a folder it may not use ends with 78 and says which', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const dataDir = join(folder, 'file', 'data')
    const { status, stderr } = start({ ...MINIMUM, JADA_DATA_DIR: dataDir, JADA_ALERT_LOG: join(folder, 'alerts.log') })
    expect(status).toBe(78)
    expect(stderr).toContain(dataDir)
    expect(stderr).toContain('JADA_DATA_DIR')
    expect(stderr).not.toContain('    at ')
  })
})
