import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { smooth } from '../../../src/bot/views/sign-page.ts'
import { agentOf, checkForm, consentOf, DRAWING as BOX, readStrokes, reasonOf, type Form } from '../../../src/services/signing/evidence.ts'
import { DRAWING } from '../../support/signing-samples.ts'

const FORM: Form = { consent: true, name: 'Ana Ruiz', typed: false, drawing: DRAWING }
const problems = (change: Partial<Form>): string[] => {
  const checked = checkForm({ ...FORM, ...change })
  return checked.ok ? [] : checked.problems.map(({ field }) => field)
}

describe('a form', () => {
  test.each<[Partial<Form>, string[]]>([
    [{}, []],
    [{ consent: false }, ['consent']],
    [{ name: ' \u200b ' }, ['name']],
    [{ name: '...' }, ['name']],
    [{ name: 'x'.repeat(121) }, ['name']],
    [{ name: 'x'.repeat(120) }, []],
    [{ drawing: '' }, ['signature']],
    [{ drawing: '', typed: true }, []],
    [{ drawing: 'M1 1L2 2' }, ['signature']],
    [{ drawing: 'M1 1L2 2', typed: true }, []],
    [{ drawing: '<svg>' }, ['signature']],
    [{ drawing: '<svg>', typed: true }, ['signature']],
    [{ consent: false, name: '', drawing: '' }, ['name', 'signature', 'consent']],
  ])('with %j has problems with %j', (change, fields) => {
    expect(problems(change)).toEqual(fields)
  })

  test('that is right says how it is signed', () => {
    expect(checkForm(FORM)).toEqual({ ok: true, submission: { name: 'Ana Ruiz', method: 'drawn', drawing: DRAWING } })
    const typed = checkForm({ ...FORM, name: '  Ana\n Ruiz\u0000 ', typed: true, drawing: 'M1 1' })
    expect(typed).toEqual({ ok: true, submission: { name: 'Ana Ruiz', method: 'typed', drawing: null } })
    expect(typed.ok && consentOf(typed.submission)).toMatch(/I agree to it.*My typed name counts as my signature\./)
  })
})

describe('a drawing', () => {
  test.each([
    ['M0 0', true],
    ['M600 240L0 0', true],
    ['M601 0', false],
    ['M0 241', false],
    ['M1.5 2', false],
    ['M-1 2', false],
    ['M1 2 L3 4', false],
    ['L1 2', false],
    ['M1 2L', false],
    ['M1 2"/><script>', false],
    ['data:image/png;base64,AAAA', false],
    [`M1 1${'L1 1'.repeat(15_500)}`, false],
  ])('%s is one: %s', (drawing, isOne) => {
    expect(readStrokes(drawing) !== null).toBe(isOne)
  })

  const stroke = fc.array(fc.tuple(fc.nat(BOX.width), fc.nat(BOX.height)), { minLength: 1, maxLength: 30 })
  property.prop([fc.array(stroke, { minLength: 1, maxLength: 8 })])(
    'comes back as it was drawn, and is shown by path data alone',
    (strokes) => {
      const path = strokes.map((points) => `M${points.map((point) => point.join(' ')).join('L')}`).join('')
      expect(readStrokes(path)).toEqual(strokes)
      expect(smooth(path)).toMatch(/^(?:M[\d.]+ [\d.]+(?:Q[\d. ]+)*L[\d.]+ [\d.]+)+$/)
    },
  )

  property.prop([fc.string()])('is nothing else', (text) => {
    if (readStrokes(text) !== null) expect(text).toMatch(/^M\d/)
  })
})

test('what a browser says of itself, and a reason, are kept in one line and cut', () => {
  expect(agentOf(undefined)).toBe('')
  expect(agentOf(` Mozilla\n/5.0 ${'x'.repeat(600)}`)).toHaveLength(400)
  expect(reasonOf(' \n ')).toBeNull()
  expect(reasonOf('I do not\nswim')).toBe('I do not swim')
  expect(reasonOf('x'.repeat(2000))).toHaveLength(1000)
})
