import { known, unknown, type Figure } from './figure.ts'
import type { UnitState } from './reading.ts'

/** A service's name as systemd takes it; nothing that a shell, or an option parser, would read as something else. */
export const isUnitName = (name: string): boolean => /^(?!-)[A-Za-z0-9:_.\\@-]+\.service$/.test(name) && name.length <= 255

/** What is asked of `systemctl show`; the answers come in an order of its own. */
export const UNIT_PROPERTIES = 'LoadState,ActiveState,SubState,Result,NRestarts,MemoryCurrent,StateChangeTimestamp'

const HIGHEST_BYTES = 2 ** 53

/** `[not set]`, and the largest 64-bit number, mean that there is none. */
function amount(text: string | undefined): number | null {
  if (text === undefined || !/^\d+$/.test(text)) return null
  return Number(text) < HIGHEST_BYTES ? Number(text) : null
}

/** Reads `systemctl show --timestamp=unix`. An unknown unit is no error to systemctl: it is one to us. */
export function parseUnit(text: string, name: string, at: number): Figure<UnitState> {
  const values = new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const equals = line.indexOf('=')
      return equals < 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1).trim()]]
    }),
  )
  const active = values.get('ActiveState')
  const load = values.get('LoadState')
  if (active === undefined || load === undefined) return unknown('systemctl answered something else than properties', at)
  if (load === 'not-found') return unknown(`there is no ${name} on this host`, at)
  if (load !== 'loaded') return unknown(`systemd could not load ${name} (${load.slice(0, 30)})`, at)
  const since = amount(values.get('StateChangeTimestamp')?.replace(/^@/, ''))
  return known(
    {
      active: active.slice(0, 30),
      sub: (values.get('SubState') ?? '').slice(0, 30),
      result: (values.get('Result') ?? '').slice(0, 30),
      restarts: amount(values.get('NRestarts')),
      since: since === null || since === 0 ? null : since * 1000,
      memoryBytes: amount(values.get('MemoryCurrent')),
    },
    at,
  )
}
