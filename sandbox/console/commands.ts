import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { parse } from 'yaml'
import { z } from 'zod'

const manifest = z.object({
  features: z.object({ slash_commands: z.array(z.object({ command: z.string(), usage_hint: z.string().default('') })) }),
})

/** `sync [now|diff]` means `sync`, `sync now` and `sync diff`; `incident N [export]` and `task add <kind>` want more first, so that they end with a space. */
function expand(usage: string): string[] {
  const [, word = '', choices] = /^([^[]*?)\s*(?:\[(.+)\])?$/.exec(usage.trim()) ?? []
  const plain = word.replace(/ (?:N|<.*)$/, ' ')
  if (plain.endsWith(' ')) return [plain]
  return [plain, ...(choices?.split('|').map((choice) => `${plain} ${choice.trim()}`) ?? [])]
}

/** What Slack itself knows of the bot's commands: the usage hints of the manifest. */
export function commandsIn(yaml: string): string[] {
  const { features } = manifest.parse(parse(yaml))
  return features.slash_commands.flatMap(({ command, usage_hint }) =>
    usage_hint
      .split(/\|(?![^[]*\])/)
      .flatMap(expand)
      .map((text) => `${command} ${text}`),
  )
}

export const readCommands = (): string[] => commandsIn(readFileSync(join(import.meta.dirname, '../../manifest.yml'), 'utf8'))
