import type { Fields } from '../slack/slack.ts'
import { wrap } from './look.ts'
import { renderMrkdwn } from './mrkdwn.ts'
import type { TextContext } from './mrkdwn.ts'

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const objectsOf = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : [])

function textObject(value: unknown, context: TextContext): string {
  const { type, text } = (value ?? {}) as Fields
  if (typeof text !== 'string') return ''
  return type === 'mrkdwn' ? renderMrkdwn(text, context) : text
}

/** One line of the message, as the lines of the terminal it takes. */
export type Line = readonly string[]

const hangOf = (line: string): string => /^ *(?:• )?/.exec(line)?.[0].replace('•', ' ') ?? ''

/** Each line of the text, wrapped; a list's later lines stand below its first one's words. */
export const toLines = (text: string, width: number): Line[] => text.split('\n').map((line) => wrap(line, width, hangOf(line)))

/** Names to the left, values to the right, as far as they have the usual form `*Name*` and value. */
function fieldLines(fields: Fields[], context: TextContext, width: number): Line[] {
  const pairs = fields.map((field) => {
    const [name = '', ...rest] = stringOf(field['text']).split('\n')
    return { name: name.replaceAll('*', ''), values: renderMrkdwn(rest.join('\n'), context).split('\n') }
  })
  const longest = Math.max(...pairs.map(({ name }) => name.length))
  return pairs.flatMap(({ name, values }) =>
    values.map((value, index) => {
      const label = context.look.dim((index === 0 ? name : '').padEnd(longest))
      return wrap(`${label}  ${value}`, width, ' '.repeat(longest + 2))
    }),
  )
}

/** Buttons that lead somewhere stand on a line with their address, so that it can be opened from here. */
function buttonLines(elements: Fields[], { look }: TextContext): Line[] {
  const buttons = elements.map((element) => {
    const { text, url, type } = element
    const label = stringOf(((text ?? element['placeholder']) as Fields | undefined)?.['text']) || stringOf(type)
    return { label: look.bold(`[${label}]`), url: typeof url === 'string' ? url : undefined }
  })
  const links = buttons.flatMap(({ label, url }) => (url === undefined ? [] : [[`${label} ${look.code(url)}`]]))
  const others = buttons.flatMap(({ label, url }) => (url === undefined ? [label] : []))
  return [...links, ...(others.length > 0 ? [[others.join(' ')]] : [])]
}

function section(block: Fields, context: TextContext, width: number): Line[] {
  const { text, fields, accessory } = block
  return [
    ...(text === undefined ? [] : toLines(textObject(text, context), width)),
    ...(fields === undefined ? [] : fieldLines(objectsOf(fields), context, width)),
    ...(accessory === undefined ? [] : buttonLines([accessory as Fields], context)),
  ]
}

function contextLine(block: Fields, context: TextContext, width: number): Line[] {
  const parts = objectsOf(block['elements']).map((element) => (element['type'] === 'image' ? '' : textObject(element, context)))
  return toLines(parts.filter(Boolean).join(' '), width).map((line) => line.map((part) => context.look.dim(part)))
}

/** Blocks as lines, no wider than `width` except for links. */
export function renderBlocks(blocks: readonly Fields[], context: TextContext, width: number): Line[] {
  return blocks.flatMap((block) => {
    switch (block['type']) {
      case 'header':
        return [[context.look.bold(textObject(block['text'], context))]]
      case 'section':
        return section(block, context, width)
      case 'context':
        return contextLine(block, context, width)
      case 'actions':
        return buttonLines(objectsOf(block['elements']), context)
      case 'divider':
        return [[context.look.dim('-'.repeat(Math.min(width, 20)))]]
      default:
        return [[context.look.dim(`(a block of the type ${String(block['type'])})`)]]
    }
  })
}
