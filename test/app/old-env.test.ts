import { expect, test } from 'vitest'
import { readOldEnv } from '../../src/app/old-env.ts'

const valuesOf = (text: string): Record<string, string> => Object.fromEntries(readOldEnv(text).values)

test.each<[string, string, Record<string, string>]>([
  ['plain lines and comments', '# old daemon\n\nA=1\n  B = two words \n#C=3\n', { A: '1', B: 'two words' }],
  ['export', 'export A=1\nexport\tB=2', { A: '1', B: '2' }],
  ['lines of Windows, and its mark at the front', '\uFEFFA=1\r\nB="2"\r\n', { A: '1', B: '2' }],
  ['comments behind a value, but not a # in it', "A=1 # one\nB=a#b\nC='x # y' # z\nD= # nothing", { A: '1', B: 'a#b', C: 'x # y', D: '' }],
  ['single quotes: all as it stands', "A='a\"b\\n$HOME'", { A: 'a"b\\n$HOME' }],
  ['double quotes with escapes', String.raw`A="say \"hi\" \\ \n"`, { A: 'say "hi" \\ \n' }],
  ['an equals sign in a value', 'A=b=c==', { A: 'b=c==' }],
  ['a dollar that names nothing', 'A=5$\nB="$ 5"', { A: '5$', B: '$ 5' }],
])('%s', (_name, text, values) => {
  expect(valuesOf(text)).toEqual(values)
  expect(readOldEnv(text).unread).toEqual([])
})

test('of a name that stands twice the last one counts, and that is told', () => {
  expect(valuesOf('A=1\nB=2\nA=3')).toEqual({ A: '3', B: '2' })
  expect(readOldEnv('A=1\nB=2\nA=3').repeated).toEqual(['A'])
})

test('what is not certain is told by its line, never by its text', () => {
  const text = 'A="open\nsource other.env\nB=${A}/x\nC="a" b\n1X=2\nD="$(cat secret)"\nE=good'
  const { values, unread } = readOldEnv(text)
  expect([...values]).toEqual([['E', 'good']])
  expect(unread).toEqual([
    { line: 1, why: 'its quote is not closed on that line' },
    { line: 2, why: 'it is no NAME=value' },
    { line: 3, why: 'it refers to another variable' },
    { line: 4, why: 'something stands behind its closing quote' },
    { line: 5, why: 'it is no NAME=value' },
    { line: 6, why: 'it refers to another variable' },
  ])
})
