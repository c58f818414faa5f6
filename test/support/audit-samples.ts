import type { IncidentStory } from '../../src/bot/views/incident-export.ts'
import type { AuditAct, AuditRecord } from '../../src/services/audit/audit.ts'
import { causesOf } from '../../src/services/incidents/causes.ts'
import type { Incident } from '../../src/services/incidents/incident.ts'
import type { TimelineEntry } from '../../src/services/incidents/ports.ts'

const MARA = 'U0MARA'
const MINUTE = 60_000

/** Acts that take the whole bot to be done; all others are done one by one. */
export const WALKED = [
  'incident.retry',
  'sync.now',
  'sync.apply',
  'reauth.start',
  'reauth.done',
  'reauth.refused',
  'settings.changed',
  'key.rotated',
  'access.refused',
] as const satisfies readonly AuditAct[]

/** What people did about an incident, the first of it five minutes after it began. */
export function actsAbout({ id, openedAt }: Incident): AuditRecord[] {
  const acts: readonly Omit<AuditRecord, 'id'>[] = [
    { at: openedAt + 5 * MINUTE, actor: MARA, act: 'incident.ack', subject: `incident:${id}`, details: {} },
    {
      at: openedAt + 130 * MINUTE,
      actor: MARA,
      act: 'incident.snooze',
      subject: `incident:${id}`,
      details: { until: openedAt + 190 * MINUTE },
    },
    { at: openedAt + 140 * MINUTE, actor: 'U0TOM', act: 'sync.now', subject: 'port-sheet', details: {} },
    {
      at: openedAt + 160 * MINUTE,
      actor: 'link',
      act: 'reauth.refused',
      subject: `incident:${id}`,
      details: { why: 'wrong-account', account: 'captain@jada.example', pinned: 'office@jada.example' },
    },
    {
      at: openedAt + 170 * MINUTE,
      actor: MARA,
      act: 'reauth.done',
      subject: `incident:${id}`,
      details: { mode: 'renew', account: 'office@jada.example' },
    },
  ]
  return acts.map((one, index) => Object.assign({ id: index + 1 }, one))
}

/** A story whose people are known but for one. */
export function exportStory(incident: Incident, timeline: readonly TimelineEntry[], change: Partial<IncidentStory> = {}): IncidentStory {
  const now = (incident.resolvedAt ?? incident.openedAt) + 60 * MINUTE
  return {
    incident,
    timeline,
    acts: actsAbout(incident),
    why: causesOf(incident, { deaths: [], sevenDays: false, consentedAt: null, earlier: [] }, now),
    names: new Map([[MARA, 'Mara']]),
    zone: 'America/Los_Angeles',
    onDuty: MARA,
    now,
    ...change,
  }
}
