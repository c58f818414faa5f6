import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { alertLine } from '../../../src/services/incidents/alert-line.ts'
import { actionOf, runbookSectionOf } from '../../../src/services/incidents/wording.ts'
import { NO_EVIDENCE } from '../../../src/services/signals/signal.ts'
import { signalKinds } from '../../support/gallery-cards.ts'
import { incident, NOON } from '../../support/incident-samples.ts'
import { ROOT } from '../../support/repo-imports.ts'

const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8')

test.each(signalKinds())('%s has a section in the runbook', (kind) => {
  expect(runbook.split('\n')).toContain(`## ${runbookSectionOf(kind)}`)
})

test.each(signalKinds())('the action of %s is plain text in the alert log, and marked where it can be typed', (kind) => {
  const action = actionOf({ kind, evidence: NO_EVIDENCE })
  expect(alertLine(incident({ kind, evidence: NO_EVIDENCE }), NOON).action).not.toContain('`')
  expect(action.split('`').length % 2).toBe(1)
  // Whatever could be typed is marked.
  expect(action.replaceAll(/`[^`]*`/g, '')).not.toMatch(/\/jada|npm run|systemctl|journalctl|timedatectl|[A-Z]+_[A-Z]+/)
})
