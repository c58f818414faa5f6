import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { JadaError } from '../../../src/errors.ts'
import { systemRandom } from '../../../src/random.ts'
import { addressOf, hashOf, isToken, makeLink, openLink, resealLink } from '../../../src/services/links/link.ts'
import { newBox, newKey } from '../../support/google-world.ts'

const OWNER = { kind: 'crew', subject: 'JC-1101' } as const

const errorOf = (run: () => unknown): JadaError => {
  try {
    run()
  } catch (error) {
    if (error instanceof JadaError) return error
  }
  throw new Error('this was meant to fail')
}

test('a token is 32 random bytes, and only its hash and the sealed token are stored', () => {
  const asked: number[] = []
  const random = { bytes: (size: number) => (asked.push(size), systemRandom.bytes(size)) }
  const { token, hash, sealed } = makeLink({ random, box: newBox() }, OWNER)
  expect(asked).toEqual([32])
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  expect(token).toMatch(/^[\w-]{43}$/)
  expect(isToken(token)).toBe(true)
  expect(hash).toBe(createHash('sha256').update(token).digest('base64url'))
  expect(hash).toBe(hashOf(token))
  expect(hash + sealed).not.toContain(token)
})

test('no two links are the same', () => {
  const deps = { random: systemRandom, box: newBox() }
  expect(new Set(Array.from({ length: 100 }, () => makeLink(deps, OWNER).token)).size).toBe(100)
})

test.each(['', 'short', 'a'.repeat(44), `${'a'.repeat(42)}/`, `${'a'.repeat(42)}%`, `${'a'.repeat(43)}\n`, '../'.repeat(15)])(
  'is no token: %o',
  (text) => {
    expect(isToken(text)).toBe(false)
  },
)

test('the token can be had again, only for what it was made for', () => {
  const box = newBox()
  const { token, ...stored } = makeLink({ random: systemRandom, box }, OWNER)
  expect(openLink(box, OWNER, stored)).toBe(token)
  const other = makeLink({ random: systemRandom, box }, { kind: 'crew', subject: 'JC-1102' })
  for (const wrong of [
    () => openLink(box, { ...OWNER, subject: 'JC-1102' }, stored),
    () => openLink(box, { ...OWNER, kind: 'sign' }, stored),
    () => openLink(box, OWNER, { ...stored, hash: other.hash }),
    () => openLink(box, OWNER, { ...stored, sealed: other.sealed }),
  ]) {
    expect(errorOf(wrong)).toMatchObject({ code: 'link-unreadable' })
  }
})

test('a lost key is told in words of a link, with both ways out', () => {
  const stored = makeLink({ random: systemRandom, box: newBox() }, OWNER)
  const { message } = errorOf(() => openLink(newBox(), OWNER, stored))
  expect(message).toMatch(/stored link .*JADA_SECRET_KEY_PREVIOUS.*revoke it and make a new one/)
  expect(message).not.toMatch(/google|token/i)
})

test('is sealed again with a new key, and stays the same address', () => {
  const [old, current] = [newKey(), newKey()]
  const { token, ...stored } = makeLink({ random: systemRandom, box: newBox(old) }, OWNER)
  const box = newBox(current, old)
  const again = resealLink(box, OWNER, stored)
  expect(again?.hash).toBe(stored.hash)
  expect(openLink(newBox(current), OWNER, again ?? stored)).toBe(token)
  expect(resealLink(box, OWNER, again ?? stored)).toBeNull()
})

test('addresses', () => {
  expect(addressOf('https://bot.jada.example', 'crew', 'abc')).toBe('https://bot.jada.example/crew/abc')
  expect(addressOf('https://bot.jada.example/jada', 'sign', 'abc')).toBe('https://bot.jada.example/jada/sign/abc')
})
