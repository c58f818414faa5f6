import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runbookSectionOf } from '../../../src/services/incidents/wording.ts'
import { signalKinds } from '../../support/gallery-cards.ts'
import { ROOT } from '../../support/repo-imports.ts'

const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8')

test.each(signalKinds())('%s has a section in the runbook', (kind) => {
  expect(runbook.split('\n')).toContain(`## ${runbookSectionOf(kind)}`)
})
