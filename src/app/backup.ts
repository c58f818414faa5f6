import { join } from 'node:path'
import type { Config } from '../config.ts'
import { backUp, newestBackupAt, restore, type BackupResult } from '../store/backup.ts'

/** Where backups are kept unless somebody names another folder. */
export const backupFolder = (dataDir: string): string => join(dataDir, 'backups')

const size = (bytes: number): string => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`)

export function backupWords({ path, bytes, tables, rows, deleted }: BackupResult): string {
  const old = deleted.length === 0 ? '' : `; ${deleted.length} old ${deleted.length === 1 ? 'one' : 'ones'} deleted`
  return `${path}: ${size(bytes)}, ${rows} rows in ${tables} tables, read back and whole${old}`
}

/** When the newest backup of the bot's own folder was made; null: there is none. */
export const newestBackup = ({ dataDir }: Config): number | null => newestBackupAt(backupFolder(dataDir))

/** The bot's own daily backup. */
export function dailyBackup({ dataDir, backupDays }: Config, now: number): string {
  return backupWords(backUp({ dataDir, folder: backupFolder(dataDir), keepDays: backupDays }, now))
}

export const makeBackup = backUp
export const restoreBackup = restore
