import { syncAtOnce } from './stage.ts'
import type { Aftermath, Stage } from './stage.ts'
import { splitChange } from './words.ts'

export async function edit(stage: Stage, charter: string, change: string): Promise<Aftermath> {
  const { sheet } = stage.world
  const split = splitChange(change, sheet.columns())
  if (split === null) throw new Error(`which column? There are: ${sheet.columns().join(', ')}`)
  const { tab, column, address } = sheet.edit(charter, split.column, split.value)
  stage.say(`Somebody in the office types "${split.value}" into ${address} of the tab ${tab} (${column} of ${charter}).`)
  return syncAtOnce(stage)
}

export async function drop(stage: Stage, count: number): Promise<Aftermath> {
  const { tab, ids, before } = stage.world.sheet.drop(count)
  stage.say(`Somebody deletes ${count} of ${before} rows from the tab ${tab}: ${ids.join(', ')}.`)
  stage.say(
    count > before * 0.2
      ? 'That is more than 20 % at once, which looks like an accident: the bot should hold it until somebody confirms.'
      : 'That is no more than 20 % at once: the bot takes it as meant.',
  )
  return syncAtOnce(stage)
}

export async function restore(stage: Stage): Promise<Aftermath> {
  if (!stage.world.sheet.restore()) throw new Error('nothing was dropped, so there is nothing to restore')
  stage.say('The deleted rows are back in the sheet.')
  return syncAtOnce(stage)
}
