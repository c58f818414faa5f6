import { appendFile, open } from 'node:fs/promises'
import { errorCode } from '../../errors.ts'
import type { AlertLog } from './delivery.ts'

/** How much of the file's end is searched for a line that may have been written before a crash. */
const TAIL_BYTES = 64 * 1024

/** Appends to `JADA_ALERT_LOG`, one open and close a line: logrotate may move the file at any time. */
export function createAlertLog(path: string): AlertLog {
  return {
    append: async (line) => {
      try {
        await appendFile(path, `${line}\n`, { mode: 0o640, flush: true })
        return { kind: 'sent', ts: null }
      } catch (error) {
        return { kind: 'refused', code: errorCode(error) ?? 'unknown', waitMs: null }
      }
    },
    has: async (line) => {
      try {
        await using file = await open(path, 'r')
        const { size } = await file.stat()
        const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(TAIL_BYTES), position: Math.max(0, size - TAIL_BYTES) })
        return buffer.subarray(0, bytesRead).toString('utf8').split('\n').includes(line)
      } catch {
        return false
      }
    },
  }
}
