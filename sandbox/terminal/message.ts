import type { Fields } from '../slack/slack.ts'
import { renderBlocks, toLines } from './blocks.ts'
import type { Line } from './blocks.ts'
import { colourOf } from './look.ts'
import type { Colour } from './look.ts'
import { renderMrkdwn } from './mrkdwn.ts'
import type { TextContext } from './mrkdwn.ts'

/** What a message says, by its parts: the text above, and a card with a colour, when it has one. */
export interface Rendered {
  readonly text: readonly Line[]
  readonly card: readonly Line[]
  readonly colour: Colour | null
}

export interface Shown {
  text: string
  blocks?: Fields[]
  attachments?: Fields[]
}

function attachmentLines(attachment: Fields, context: TextContext, width: number): Line[] {
  const { blocks, pretext, title, text, fallback } = attachment
  if (Array.isArray(blocks)) return renderBlocks(blocks as Fields[], context, width)
  const parts = [pretext, title, text].filter((part) => typeof part === 'string')
  const said = parts.length > 0 ? parts : [typeof fallback === 'string' ? fallback : '']
  return said.flatMap((part) => toLines(renderMrkdwn(part, context), width))
}

/** As Slack shows it: blocks take the place of the text, attachments follow. */
export function renderMessage(message: Shown, context: TextContext, width: number): Rendered {
  const { attachments = [] } = message
  // A person's own words come as a block too; their text says the same.
  const blocks = (message.blocks ?? []).filter(({ type }) => type !== 'rich_text')
  const said = (): Line[] => toLines(renderMrkdwn(message.text, context), width)
  return {
    text: blocks.length > 0 ? renderBlocks(blocks, context, width) : message.text === '' ? [] : said(),
    card: attachments.flatMap((attachment) => attachmentLines(attachment, context, width)),
    colour: attachments.length > 0 ? colourOf(attachments[0]?.['color']) : null,
  }
}
