import { describe, expect, test } from 'vitest'
import { createLog, redact } from '../src/log.ts'
import { createFakeClock } from './support/fake-clock.ts'

const START = Date.UTC(2026, 2, 2, 12)

/** What must not be readable, and the line a library might write it in. Made up, in the shapes of the real ones. */
const CREDENTIALS: readonly (readonly [what: string, secret: string, line: string])[] = [
  ['a Slack bot token', 'xoxb-123-456-aBcDeF', 'invalid_auth for xoxb-123-456-aBcDeF'],
  ['a Slack app token', 'xapp-1-A0-123-abcdef', 'token=xapp-1-A0-123-abcdef'],
  ['a Slack refresh token', 'xoxe-1-My0xLTEt', 'rotated to xoxe-1-My0xLTEt'],
  ['a Google access token', 'ya29.a0AfB_byC-xyz.123', 'header was ya29.a0AfB_byC-xyz.123, sent'],
  ['a Google refresh token', '1//0gAbCdEfGhIjKl-mNoP_qr', 'refresh with 1//0gAbCdEfGhIjKl-mNoP_qr failed'],
  ['a Google authorization code', '4/0AbCdEfGhIjKlMnOp', 'exchanging 4/0AbCdEfGhIjKlMnOp'],
  ['a Google client secret', 'GOCSPX-abc_DEF-123', '{"client_secret":"GOCSPX-abc_DEF-123"}'],
  ['an Anthropic key', 'sk-ant-api03-abc-DEF_1', 'x-api-key: sk-ant-api03-abc-DEF_1'],
  ['an id token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'id eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
  ['a bearer header', 'abcDEF123.x/y+z==', 'Authorization: Bearer abcDEF123.x/y+z=='],
  ['a code in an address', 'c0dec0dec0de', 'GET /oauth/google/callback?code=c0dec0dec0de&scope=x'],
  ['a state in an address', 'st4test4test4te', '/callback?a=b&state=st4test4test4te'],
  ['a ticket', 't1cket-t1cket', 'https://bot.example/oauth/google/start?ticket=t1cket-t1cket'],
  ['a form', 'verifierverifier', 'grant_type=authorization_code&code_verifier=verifierverifier'],
  ['a JSON body', 'opaqueopaque', '{"refresh_token": "opaqueopaque", "expires_in": 3599}'],
  ['a printed object', 'opaqueopaque', "{ access_token: 'opaqueopaque', token_type: 'x' }"],
]

describe('the second net', () => {
  test.each(CREDENTIALS)('%s does not pass', (_what, secret, line) => {
    expect(redact(line)).toContain('[secret]')
    expect(redact(line)).not.toContain(secret)
  })

  test.each([
    '[port-sheet] token error: HTTP Error 400: Bad Request; retrying in 30 minutes class=reauth-required code=invalid_grant',
    'synced: 3 charters changed, 1 added charters=42 quarantined=0',
    'incident:12:post-card:1 was refused (ratelimited), try 3; it stays in the outbox',
    'listening on 127.0.0.1:3000',
    'rates of 1/2 and 4/5, 24/7, tab 2026-03',
  ])('an ordinary line stays as it is: %s', (line) => {
    expect(redact(line)).toBe(line)
  })

  test('every secret of a line is covered, also the second of the same kind', () => {
    expect(redact('xoxb-1-a then xoxb-2-b then ya29.c')).toBe('[secret] then [secret] then [secret]')
  })
})

describe('a line', () => {
  const lines: string[] = []
  const log = createLog({ clock: createFakeClock(START), write: (line) => lines.push(line) })
  const last = (): string | undefined => lines.at(-1)

  test('has its time, level, component, words and fields', () => {
    log.info('port-sheet', 'synced', { charters: 42, partial: false, missing: null, unset: undefined })
    expect(last()).toBe('2026-03-02T12:00:00.000Z info [port-sheet] synced charters=42 partial=false\n')
  })

  test('quotes what would be read wrongly', () => {
    log.warn('port-sheet', 'tab', { name: 'March 2026', note: 'a=b', said: 'he said "no"' })
    expect(last()).toBe('2026-03-02T12:00:00.000Z warn [port-sheet] tab name="March 2026" note="a=b" said="he said \\"no\\""\n')
  })

  test('stays one line, whatever is in it', () => {
    log.error('http', 'first\r\nsecond\n2026-03-02T12:00:00.000Z info [forged] line', { field: 'x\ny' })
    expect(last()?.split('\n')).toHaveLength(2)
  })

  test('is redacted in its fields too', () => {
    log.error('google', 'failed', { address: 'https://x/?code=opaqueopaque', token: 'ya29.abcdef' })
    expect(last()).not.toMatch(/opaque|ya29/)
  })

  test('below the level is not written', () => {
    const before = lines.length
    log.debug('loop', 'looked')
    expect(lines).toHaveLength(before)
  })
})
