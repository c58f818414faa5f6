import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from '../src/secret.ts'

const VALUE = 'xoxb-very-secret-value'
const secret = new Secret(VALUE)

const WAYS: readonly (readonly [string, () => string])[] = [
  ['toString', () => secret.toString()],
  ['String', () => String(secret)],
  ['a template', () => `token ${secret as unknown as string}`],
  ['joining', () => [secret].join()],
  ['adding', () => ['token ', secret].join('')],
  ['JSON', () => JSON.stringify({ secret, list: [secret] })],
  ['inspect', () => inspect({ secret })],
  ['inspect with everything', () => inspect(secret, { showHidden: true, depth: 9, customInspect: true })],
  ['inspect without custom functions', () => inspect(secret, { customInspect: false, showHidden: true })],
  ['format', () => format('%s %o %O %j %d', secret, secret, secret, secret, secret)],
  ['an error message', () => new Error(`no answer for ${secret.toString()}`).message],
  ['the cause of an error', () => inspect(new Error('no answer', { cause: secret }))],
  ['its own keys', () => JSON.stringify([Object.keys(secret), Object.entries(secret), Reflect.ownKeys(secret).map(String)])],
  ['a copy', () => JSON.stringify(Object.assign({}, secret))],
]

test.each(WAYS)('%s does not show it', (_name, print) => {
  expect(print()).not.toContain(VALUE)
})

test('what is shown instead is always the same', () => {
  expect([secret.toString(), JSON.stringify(secret), inspect(secret)]).toEqual(['[secret]', '"[secret]"', '[secret]'])
})

test('only reveal gives it', () => {
  expect(secret.reveal()).toBe(VALUE)
})
