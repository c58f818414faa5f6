import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { logTo } from '../src/log.ts'

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jada-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('lines go to standard output and into the file, also after it was moved away', () => {
  const file = join(temporary(), 'jada-agent.log')
  const shown: string[] = []
  const write = logTo(file, (line) => shown.push(line))
  write('one\n')
  expect(statSync(file).mode & 0o027).toBe(0)
  renameSync(file, `${file}.1`)
  write('two\n')
  write('three\n')
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('one\n')
  expect(readFileSync(file, 'utf8')).toBe('two\nthree\n')
  expect(shown).toEqual(['one\n', 'two\n', 'three\n'])
})

test('a file that cannot be written is told once, and ends nothing', () => {
  const file = join(temporary(), 'missing', 'jada-agent.log')
  const shown: string[] = []
  const write = logTo(file, (line) => shown.push(line))
  write('one\n')
  write('two\n')
  expect(shown).toEqual(['one\n', `the log file ${file} cannot be written\n`, 'two\n'])
  expect(existsSync(file)).toBe(false)
})

test('without a file there is only standard output', () => {
  const shown: string[] = []
  logTo(undefined, (line) => shown.push(line))('one\n')
  expect(shown).toEqual(['one\n'])
})
