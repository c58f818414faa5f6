import { restoreBackup } from '../app/backup.ts'
import { systemClock } from '../clock.ts'
import { readBackupSettings } from '../config.ts'
import { print, runScript } from './terminal.ts'

/** `npm run restore -- <file>`: puts a backup in the place of the database, while the bot is stopped. */

const USAGE = `npm run restore -- <file>   puts this backup in the place of the database; stop the bot first`

runScript(() => {
  const words = process.argv.slice(2)
  const [file] = words
  if (file === undefined || words.length > 1 || file.startsWith('-')) {
    print(USAGE)
    return Promise.resolve(file === '--help' ? 0 : 2)
  }
  const { dataDir } = readBackupSettings(process.env)
  const { rows, tables, keptAs } = restoreBackup(dataDir, file, systemClock.now())
  print(`Restored ${rows} rows in ${tables} tables from ${file} into ${dataDir}.`)
  print(keptAs === null ? 'There was no database before.' : `The database before is kept as ${keptAs} in the same folder.`)
  print('Start the bot: it brings the database up to date if the backup is of an older version.')
  return Promise.resolve(0)
})
