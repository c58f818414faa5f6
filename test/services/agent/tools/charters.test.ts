import { describe, expect, it } from 'vitest'
import { OPTIONAL_TOOLS } from '../../../../src/services/agent/tools/names.ts'
import { toolsOf } from '../../../../src/services/agent/tools/registry.ts'
import type { Charter } from '../../../../src/services/sheets/charter.ts'
import { charter } from '../../../support/agent-desk.ts'
import { openToolbox, problemOf, type Toolbox } from '../../../support/agent-tools.ts'

const TOOLS = toolsOf({ tools: OPTIONAL_TOOLS })
const HOUR = 3_600_000

/** A charter that begins at a local time of its day, where clocks are `offset` hours ahead of UTC. */
function inZone(id: string, date: string, hour: number, offset: number): Charter {
  const startsAt = Date.parse(`${date}T00:00:00Z`) + (hour - offset) * HOUR
  return charter({ id, date, start: hour * 60, end: ((hour + 2) % 24) * 60, startsAt, endsAt: startsAt + 2 * HOUR })
}

const idsOf = async (box: Toolbox, input: unknown): Promise<string[]> =>
  ((await box.data('list_charters', input))['charters'] as { id: string }[]).map(({ id }) => id)

describe('list_charters', () => {
  it.each([
    ['Kiritimati, 14 hours before UTC', 14],
    ['San Diego, 8 hours behind', -8],
    ['Pago Pago, 11 hours behind', -11],
    ['Greenwich', 0],
  ])('takes days as the sheet writes them: %s', async (_where, offset) => {
    const box = await openToolbox()
    await box.desk.charters(
      inZone('late before', '2026-11-03', 23, offset),
      inZone('first', '2026-11-04', 0, offset),
      inZone('last', '2026-11-04', 23, offset),
      inZone('early after', '2026-11-05', 0, offset),
    )
    expect(await idsOf(box, { from: '2026-11-04', to: '2026-11-04' })).toEqual(['first', 'last'])
    expect(await idsOf(box, { from: '2026-11-05', to: '2026-11-05' })).toEqual(['early after'])
    expect(await idsOf(box, { from: '2026-11-03' })).toEqual(['late before', 'first', 'last', 'early after'])
  })

  it('begins with the day that it is in the office, and ends 30 days later, and says both', async () => {
    // In Los Angeles it is still the evening of the day before.
    const box = await openToolbox({ start: Date.UTC(2026, 10, 2, 7, 59) })
    const data = await box.data('list_charters', {})
    expect(data).toMatchObject({ from: '2026-11-01', to: '2026-12-01', charters: [] })
    expect(await box.data('list_charters', { from: '2026-11-30' })).toMatchObject({ to: '2026-12-30' })
  })

  it('hides what a private column holds wherever else the office typed it, and nothing else', async () => {
    const notes = 'Call Ana +1 619-555-0101 or ana@guests.example, paid 98,765. Berth 320'
    const hidden = 'Call Ana [phone hidden] or [contact hidden], paid [amount hidden]. Berth 320'
    const typed = charter({ notes, vessel: 'Meridian 17777', guestNames: 'Ana Ruiz 619 555 0101' })
    const box = await openToolbox()
    await box.desk.charters(typed)
    const read = (await box.data('read_charter', { id: 'JC-1101' }))['charter']
    expect(read).toMatchObject({ notes: hidden, vessel: 'Meridian 17777', guestNames: 'Ana Ruiz [phone hidden]', date: '2026-11-04' })
    const open = await openToolbox({ playbook: { privateColumns: ['contact'] } })
    await open.desk.charters(typed)
    expect((await open.data('read_charter', { id: 'JC-1101' }))['charter']).toMatchObject({ contact: typed.contact })
  })

  it('shows short rows without private columns, times as clock times', async () => {
    const box = await openToolbox()
    await box.desk.charters(charter())
    const data = await box.data('list_charters', { from: '2026-11-04' })
    expect(data['charters']).toEqual([
      {
        id: 'JC-1101',
        date: '2026-11-04',
        start: '09:00',
        end: '13:00',
        vessel: 'Meridian',
        client: 'Ana Ruiz',
        guests: 6,
        captain: 'Sam',
        agreement: 'pending',
        status: 'confirmed',
      },
    ])
  })

  it('gives 60 at most, and counts the others', async () => {
    const box = await openToolbox()
    const many = Array.from({ length: 75 }, (_, index) => inZone(`JC-${2000 + index}`, '2026-11-04', 9, 0))
    await box.desk.charters(...many)
    const data = await box.data('list_charters', { from: '2026-11-01', to: '2026-11-30' })
    expect(data['charters']).toHaveLength(60)
    expect(data['more']).toBe(15)
  })

  it('leaves out what was removed from the sheet', async () => {
    const box = await openToolbox()
    await box.desk.charters(charter())
    const removed = { what: 'removed' as const, charter: charter() }
    await box.desk.in((ports) => ports.charters.apply([removed], box.desk.clock.now()))
    expect(await idsOf(box, { from: '2026-11-01' })).toEqual([])
    expect(await box.data('read_charter', { id: 'JC-1101' })).toMatchObject({ removedFromSheet: true })
  })

  it.each([
    [{ from: '2026-11-4' }, 'from: must be a date such as 2026-11-30'],
    [{ from: '2026-13-01' }, 'from: must be a date such as 2026-11-30'],
    [{ from: '2026-02-30' }, 'from: must be a date such as 2026-11-30'],
    [{ to: 'tomorrow' }, 'to: must be a date such as 2026-11-30'],
    [{ from: 20261104 }, 'from: Invalid input: expected string, received number'],
    [{ privateColumns: true }, ': Unrecognized key: "privateColumns"'],
    [null, ': Invalid input: expected object, received null'],
  ])('refuses %j', (input, problem) => {
    expect(problemOf(TOOLS, 'list_charters', input)).toBe(problem)
  })

  it('tells when the days are the wrong way round, and bears the ends of the calendar', async () => {
    const box = await openToolbox()
    expect(await box.use('list_charters', { from: '2026-11-30', to: '2026-11-01' })).toEqual({
      kind: 'error',
      message: '`to` lies before `from`.',
    })
    expect(await idsOf(box, { from: '0000-01-01', to: '9999-12-31' })).toEqual([])
    expect(await box.use('list_charters', { from: '9999-12-31' })).toMatchObject({ kind: expect.any(String) })
  })
})

describe('read_charter', () => {
  it('gives every column but the private ones', async () => {
    const box = await openToolbox()
    await box.desk.charters(charter())
    const data = await box.data('read_charter', { id: 'JC-1101' })
    expect(Object.keys(data['charter'] as object).toSorted()).toEqual(
      [
        'id',
        'date',
        'start',
        'end',
        'vessel',
        'source',
        'client',
        'guests',
        'guestNames',
        'captain',
        'crew',
        'agreement',
        'status',
        'notes',
      ].toSorted(),
    )
  })

  it('gives money as dollars where a playbook names the column', async () => {
    const box = await openToolbox({ playbook: { privateColumns: ['portFee'] } })
    await box.desk.charters(charter({ portFee: 12_345 }))
    expect((await box.data('read_charter', { id: 'JC-1101' }))['charter']).toMatchObject({ portFee: 123.45 })
    expect(JSON.stringify(await box.data('read_charter', { id: 'JC-1101' }))).not.toContain('guests.example')
  })

  it('finds nothing under what is no id', async () => {
    const box = await openToolbox()
    await box.desk.charters(charter())
    for (const id of ['JC-9999', '*', '%', "' or 1=1", '__proto__'])
      expect(await box.use('read_charter', { id })).toEqual({
        kind: 'error',
        message: 'There is no charter with this id. list_charters gives the ids.',
      })
  })

  it.each([[{}], [{ id: '' }], [{ id: 'x'.repeat(101) }], [{ id: ['JC-1101'] }], [{ id: 'JC-1101', columns: ['contact'] }]])(
    'refuses %j',
    (input) => {
      expect(problemOf(TOOLS, 'read_charter', input)).toBeTypeOf('string')
    },
  )
})
