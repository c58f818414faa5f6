import { parseArgs } from 'node:util'
import { backupFolder, backupWords, makeBackup } from '../app/backup.ts'
import { systemClock } from '../clock.ts'
import { readBackupSettings } from '../config.ts'
import { print, runScript } from './terminal.ts'

/** `npm run backup [-- <folder>] [--keep <days>]`: copies the database, also while the bot runs, and reads the copy back. */

const USAGE = `npm run backup                       into the folder backups of JADA_DATA_DIR
npm run backup -- /mnt/elsewhere     into another folder
npm run backup -- --keep 30          deletes backups in that folder that are older than 30 days (JADA_BACKUP_DAYS, 14)`

runScript(() => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { keep: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help === true) {
    print(USAGE)
    return Promise.resolve(0)
  }
  const settings = readBackupSettings(process.env)
  const keepDays = values.keep === undefined ? settings.keepDays : Number(values.keep)
  if (!Number.isInteger(keepDays) || keepDays < 1 || positionals.length > 1) {
    print(USAGE)
    return Promise.resolve(2)
  }
  const { dataDir } = settings
  const result = makeBackup({ dataDir, folder: positionals[0] ?? backupFolder(dataDir), keepDays }, systemClock.now())
  print(`Backed up to ${backupWords(result)}.`)
  print(
    'It holds the Google token encrypted: keep JADA_SECRET_KEY somewhere else as well, or Google must be re-authorized after a restore.',
  )
  return Promise.resolve(0)
})
