import { open, type FileHandle } from 'node:fs/promises'
import { errorCode } from '../../errors.ts'
import type { AlertLog } from './notifier.ts'

/** How much of the file's end is searched for a line that may have been written before a crash. */
const TAIL_BYTES = 64 * 1024

/** What separates a line from the file's end: a crash or a full disk may have left half a line there. */
async function separator(file: FileHandle): Promise<string> {
  const { size } = await file.stat()
  if (size === 0) return ''
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 })
  return buffer.toString() === '\n' ? '' : '\n'
}

/** Appends to `JADA_ALERT_LOG`, one open and close a line: logrotate may move the file at any time. */
export function createAlertLog(path: string): AlertLog {
  return {
    append: async (line) => {
      try {
        await using file = await open(path, 'a+', 0o640)
        await file.appendFile(`${await separator(file)}${line}\n`)
        if ((await file.stat()).isFile()) await file.sync()
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
