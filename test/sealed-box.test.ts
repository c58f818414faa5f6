import { fc, test as property } from '@fast-check/vitest'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { JadaError } from '../src/errors.ts'
import { Secret } from '../src/secret.ts'
import { tokenContext } from '../src/services/google/token-context.ts'
import { newBox, newKey } from './support/google-world.ts'

const TOKEN = '1//0a-refresh-token'
const OWNER = { id: 'google', clientId: 'client-1', sub: '104200000000000000011' }
const HERE = tokenContext(OWNER)

const codeOf = (open: () => string): string => {
  try {
    open()
  } catch (error) {
    if (error instanceof JadaError) return error.code
    throw error
  }
  return 'opened'
}

describe('a sealed token', () => {
  property.prop([fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 60 })])(
    'opens again, whatever was sealed and wherever it belongs',
    (value, context) => {
      const box = newBox()
      expect(box.open(box.seal(value, context), context)).toBe(value)
    },
  )

  test('never looks the same twice', () => {
    const box = newBox()
    expect(new Set(Array.from({ length: 50 }, () => box.seal(TOKEN, HERE))).size).toBe(50)
  })

  test('does not open with another key', () => {
    const sealed = newBox().seal(TOKEN, HERE)
    expect(codeOf(() => newBox().open(sealed, HERE))).toBe('sealed-unreadable')
  })

  test('does not open with another key that happens to be named the same', () => {
    const [own, other] = [newBox(), newBox()]
    const otherId = other.seal('', '').split('.')[1]
    const [version, , body] = own.seal(TOKEN, HERE).split('.')
    expect(codeOf(() => other.open([version, otherId, body].join('.'), HERE))).toBe('sealed-unreadable')
  })

  test('opens with the previous key until it is sealed again, and says that it is due', () => {
    const [old, current] = [newKey(), newKey()]
    const sealed = newBox(old).seal(TOKEN, HERE)
    const box = newBox(current, old)
    expect(box.open(sealed, HERE)).toBe(TOKEN)
    expect(box.isStale(sealed)).toBe(true)
    const again = box.seal(box.open(sealed, HERE), HERE)
    expect(box.isStale(again)).toBe(false)
    expect(newBox(current).open(again, HERE)).toBe(TOKEN)
    expect(codeOf(() => newBox(old).open(again, HERE))).toBe('sealed-unreadable')
  })

  test.each([
    ['connection', { ...OWNER, id: 'other' }],
    ['client', { ...OWNER, clientId: 'client-2' }],
    ['account', { ...OWNER, sub: '104200000000000000012' }],
    ['fields shifted by one', { id: 'googleclient-1', clientId: '', sub: OWNER.sub }],
  ])('does not open under another %s', (_, owner) => {
    const box = newBox()
    expect(codeOf(() => box.open(box.seal(TOKEN, HERE), tokenContext(owner)))).toBe('sealed-unreadable')
  })

  const box = newBox()
  const sealed = box.seal(TOKEN, HERE)
  const bytes = Buffer.from(sealed.split('.')[2] ?? '', 'base64url')
  const withBody = (body: Buffer): string => [...sealed.split('.').slice(0, 2), body.toString('base64url')].join('.')

  property.prop([fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })])('does not open with a byte changed anywhere', (at, mask) => {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(at) ^ mask, at)
    expect(codeOf(() => box.open(withBody(changed), HERE))).toBe('sealed-unreadable')
  })

  property.prop([fc.nat(bytes.length - 1)])('does not open cut short', (length) => {
    expect(codeOf(() => box.open(withBody(bytes.subarray(0, length)), HERE))).toBe('sealed-unreadable')
  })

  property.prop([fc.string({ maxLength: 80 })])('is nothing that a stranger could write', (text) => {
    expect(codeOf(() => box.open(text, HERE))).toBe('sealed-unreadable')
    expect(codeOf(() => box.open(`v2${sealed.slice(2)}`, HERE))).toBe('sealed-unreadable')
  })
})

describe('the key id', () => {
  test('tells keys apart and is no part of the key', () => {
    const key = newKey()
    const id = newBox(key).seal('', '').split('.')[1] ?? ''
    expect(id).toMatch(/^[\da-f]{8}$/)
    const raw = Buffer.from(key.reveal(), 'base64')
    expect(raw.toString('hex')).not.toContain(id)
    expect(key.reveal()).not.toContain(id)
    // Not a bare hash of the key either: nothing of ours shows what such a hash begins with.
    expect(createHash('sha256').update(raw).digest('hex').startsWith(id)).toBe(false)
    expect(newBox(newKey()).seal('', '').split('.')[1]).not.toBe(id)
    expect(newBox(new Secret(key.reveal())).seal('', '').split('.')[1]).toBe(id)
  })
})

test('signatures differ by key and message, the first one being the current key’s', () => {
  const [old, current] = [newKey(), newKey()]
  const box = newBox(current, old)
  const [first, second, ...more] = box.signatures('a message')
  expect(more).toEqual([])
  expect(newBox(current).signatures('a message')).toEqual([first])
  expect(newBox(old).signatures('a message')).toEqual([second])
  expect(first).not.toBe(second)
  expect(box.signatures('another message')).not.toContain(first)
})
