import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { WebClient } from '@slack/web-api'
import { createSlackClients, createSlackLogger } from '../bot/slack-client.ts'
import { REQUIRED_SCOPES } from '../bot/scopes.ts'
import { failureWords } from '../bot/views/failure.ts'
import type { Config } from '../config.ts'
import { describeError, JadaError } from '../errors.ts'
import { createTopic, type SnsTopic } from '../services/delivery/topic.ts'
import { createClaude } from '../services/model/claude.ts'
import type { GoogleFailure } from '../services/google/failure.ts'
import { CONNECTION } from '../services/google/connection.ts'
import { figuresOf } from '../services/host/rules.ts'
import { locateTabs, wantedTabs } from '../services/sheets/tabs.ts'
import { readAgentFiles } from './agent.ts'
import { readColumns } from './config-files.ts'
import { createHost } from './host.ts'
import type { Core } from './core.ts'

/** One line of the doctor. `warn`: it works, but somebody should know. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail'
  readonly name: string
  readonly text: string
}

interface Check {
  readonly name: string
  run(): Promise<Omit<Finding, 'name'>> | Omit<Finding, 'name'>
}

const ok = (text: string): Omit<Finding, 'name'> => ({ level: 'ok', text })
const warn = (text: string): Omit<Finding, 'name'> => ({ level: 'warn', text })
const fail = (text: string): Omit<Finding, 'name'> => ({ level: 'fail', text })

const describe = ({ class: kind, code, status }: GoogleFailure): string => failureWords({ class: kind, code, status: status ?? null })

function checkAlertLog(path: string): Omit<Finding, 'name'> {
  try {
    const exists = statSync(path, { throwIfNoEntry: false }) !== undefined
    accessSync(exists ? path : dirname(path), constants.W_OK)
    return ok(exists ? `${path} can be appended to` : `${path} can be made`)
  } catch {
    return warn(`${path} cannot be written by this user; alerts still go to Slack. Create it for this user, or set JADA_ALERT_LOG`)
  }
}

const SKEW_WARN_MS = 30_000
const SKEW_FAIL_MS = 300_000

async function checkClock(config: Config, now: () => number): Promise<Omit<Finding, 'name'>> {
  const answer = await fetch(`${config.slack.apiUrl}api.test`, { signal: AbortSignal.timeout(10_000) })
  const theirs = Date.parse(answer.headers.get('date') ?? '')
  if (Number.isNaN(theirs)) return warn("Slack's answer had no time to compare with")
  const skew = Math.abs(now() - theirs)
  const text = `our clock is ${Math.round(skew / 1000)} s off Slack's`
  if (skew > SKEW_FAIL_MS)
    return fail(
      `${text}, so that Slack's requests and Google's tokens are refused. Turn on time synchronisation (timedatectl set-ntp true)`,
    )
  return skew > SKEW_WARN_MS ? warn(`${text}; turn on time synchronisation`) : ok(text)
}

function slackChecks(config: Config, core: Core): Check[] {
  const { reads } = createSlackClients(config, core.log)
  const { opsChannel, operators, appToken, apiUrl } = config.slack
  return [
    {
      name: 'Slack bot token',
      run: async () => {
        const answer = await reads.auth.test()
        const granted = answer.response_metadata?.scopes ?? []
        const missing = REQUIRED_SCOPES.filter((scope) => !granted.includes(scope))
        if (missing.length > 0)
          return fail(`the token lacks the scopes ${missing.join(', ')}; update the app from manifest.yml and install it again`)
        return ok(`${answer.user ?? 'bot'} in ${answer.team ?? 'the workspace'}, all scopes granted`)
      },
    },
    {
      name: 'Slack connection',
      run: async () => {
        if (appToken === undefined) return ok('HTTP mode: Slack sends to /slack/events')
        const logger = createSlackLogger(core.log)
        const app = new WebClient(appToken.reveal(), { slackApiUrl: apiUrl, timeout: 10_000, retryConfig: { retries: 0 }, logger })
        await app.apps.connections.open()
        return ok('Socket Mode: the app token is accepted')
      },
    },
    {
      name: 'Ops channel',
      run: async () => {
        const { channel } = await reads.conversations.info({ channel: opsChannel })
        return channel?.is_member === true
          ? ok(`the bot is in #${channel.name ?? opsChannel}`)
          : fail(`the bot is not in #${channel?.name ?? opsChannel}; invite it there with /invite`)
      },
    },
    {
      name: 'Operators',
      run: async () => {
        const people = await Promise.all(operators.map((user) => reads.users.info({ user })))
        return ok(people.map(({ user }, index) => user?.name ?? operators[index] ?? '').join(', '))
      },
    },
    { name: 'Clock', run: () => checkClock(config, () => core.clock.now()) },
  ]
}

function googleChecks(config: Config, core: Core): Check[] {
  let token: string | null = null
  return [
    {
      name: 'Google token',
      run: async () => {
        const connection = await core.uow.run(({ connections }) => connections.read(CONNECTION))
        if (connection === null) return warn('not connected yet: use /jada reauth in Slack, or npm run reauth here')
        const answer = await core.accessToken()
        if (!answer.ok)
          return fail(`${describe(answer.failure)}; if it stays so: npm run reauth, or correct GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET`)
        token = answer.value
        const days = connection.refreshExpiresAt === null ? null : Math.floor((connection.refreshExpiresAt - core.clock.now()) / 86_400_000)
        if (days === null) return ok(`${connection.email}, accepted`)
        return warn(`${connection.email}, accepted, but it ends in ${days} days: Google's consent screen is in Testing; publish it`)
      },
    },
    {
      name: 'Port sheet',
      run: async () => {
        if (token === null) return warn('not checked, because there is no token')
        const outline = await core.google.api.outline(token)
        if (!outline.ok)
          return fail(
            `the sheet cannot be read: ${describe(outline.failure)}; check JADA_SHEET_ID and that the sheet is shared with the account`,
          )
        const wanted = wantedTabs(config.sheet.tab, core.clock.now(), outline.value.timeZone)
        const { missing } = locateTabs(wanted, await core.uow.run(({ charters }) => charters.tabs()), outline.value)
        if (missing.length > 0)
          return warn(`the tabs ${missing.map((title) => `"${title}"`).join(', ')} are missing; create them, or change JADA_SHEET_TAB`)
        return ok(`tabs ${wanted.map((title) => `"${title}"`).join(', ')}, zone ${outline.value.timeZone}`)
      },
    },
  ]
}

function agentChecks(config: Config): Check[] {
  const { apiKey, baseUrl } = config.agent
  return [
    {
      name: 'Playbooks',
      run: () =>
        ok(
          readAgentFiles(config)
            .playbooks.map(({ kind, model }) => `${kind} (${model})`)
            .join(', '),
        ),
    },
    {
      name: 'Claude',
      run: async () => {
        if (apiKey === undefined) return warn('ANTHROPIC_API_KEY is not set: tasks are kept, but no session begins')
        const { playbooks, questions } = readAgentFiles(config)
        const models = [...new Set([...playbooks, questions].map(({ model }) => model))]
        const client = createClaude({ apiKey, baseUrl })
        for (const model of models) {
          const failure = await client.probe(model)
          if (failure === null) continue
          const cure =
            failure.class === 'refused-us'
              ? 'check ANTHROPIC_API_KEY, and the models named in the playbooks and in questions.yml'
              : 'try again later'
          return fail(`${model} cannot be used (${failure.code}); ${cure}`)
        }
        return ok(`the key is accepted for ${models.join(', ')}`)
      },
    },
  ]
}

/** What can be seen of the server, and what not: each reason once. */
function hostChecks(config: Config, core: Core): Check[] {
  return [
    {
      name: 'Server',
      run: async () => {
        const { collector, target } = createHost(config, core.clock)
        const figures = Object.entries(figuresOf(await collector.collect(core.clock.now(), AbortSignal.timeout(30_000))))
        const missing = figures.flatMap(([name, figure]) => ('unknown' in figure ? [`${name} (${figure.unknown})`] : []))
        const what = `${target.host}, ${target.unitName}`
        if (missing.length === 0) return ok(`${what}: all ${figures.length} figures can be read`)
        return warn(`${what}: these figures cannot be seen, so nobody is warned about them: ${missing.join('; ')}`)
      },
    },
  ]
}

function topicWords(look: Awaited<ReturnType<SnsTopic['look']>>): Omit<Finding, 'name'> {
  const proof = 'whether it takes notices shows with the first one'
  if (look === 'hidden')
    return warn(
      `AWS accepts our key, but lets it not look at the topic (sns:GetTopicAttributes): whether it is there is unknown, and ${proof}`,
    )
  if ('trouble' in look) return fail(look.trouble)
  const { confirmed, pending } = look
  if (confirmed === 0)
    return warn(`the topic is there, but nobody would be told: ${pending === 0 ? 'it has no subscription' : 'confirm the mail from AWS'}`)
  return ok(`the topic is there, ${confirmed === null ? 'its subscriptions are unknown' : `${confirmed} confirmed`}; ${proof}`)
}

const topicChecks = ({ sns }: Config): Check[] =>
  sns === undefined ? [] : [{ name: 'SNS topic', run: async () => topicWords(await createTopic(sns).look()) }]

/** Checks what the bot needs, one thing after the other. Opens (and makes, if need be) the database, and tries the token once. */
export async function* examine(config: Config, core: Core): AsyncGenerator<Finding> {
  const checks: Check[] = [
    { name: 'Data folder', run: () => ok(`${config.dataDir}: the database opens`) },
    { name: 'Column names', run: () => ok(`sheet.yml: ${readColumns(config.configDir).length} columns`) },
    { name: 'Alert log', run: () => checkAlertLog(config.alertLog) },
    ...topicChecks(config),
    ...slackChecks(config, core),
    ...googleChecks(config, core),
    ...agentChecks(config),
    ...hostChecks(config, core),
    {
      name: 'Public address',
      run: () =>
        config.http.publicUrl === undefined
          ? warn(
              `there is none, so consent ends on ${core.consent.loopbackRedirectUri} and is pasted back; register that address with the OAuth client. Crew pages and signatures are not offered: nobody could open a link`,
            )
          : ok(`register ${core.consent.publicRedirectUri} and ${core.consent.loopbackRedirectUri} with the OAuth client`),
    },
  ]
  for (const check of checks) {
    const { name } = check
    try {
      yield { name, ...(await check.run()) }
    } catch (error) {
      yield { name, ...fail(error instanceof JadaError ? error.message : describeError(error)) }
    }
  }
}
