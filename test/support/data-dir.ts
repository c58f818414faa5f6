import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// What survives a killed process does not depend on the disk; memory spares the tests thousands of slow flushes.
const ROOT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A folder for one bot's state, to be removed by whoever asked for it. */
export function makeDataDir(): string {
  return mkdtempSync(join(ROOT, 'jada-test-'))
}
