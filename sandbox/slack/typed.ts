import type { Fields } from './types.ts'

/** What people type reaches apps twice: as `text`, with entities, and as the `rich_text` block that their client makes of it. */

const INLINE =
  /<([^<>\n]+)>|(?<![\w:]):([a-z+-][\w+-]*):(?![\w:])|`([^`\n]+)`|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<!\w)_([^_\n]+)_(?!\w)|(?<!\w)~([^~\n]+)~(?!\w)/gu
const FENCE = /```\n?([^`]+?)\n?```/gu
const STYLES = ['code', 'bold', 'italic', 'strike']
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

const unescape = (text: string) => text.replaceAll(/&(?:amp|lt|gt);/gu, (found) => ENTITIES[found] ?? found)

const words = (text: string, style?: string): Fields[] =>
  text === '' ? [] : [{ type: 'text', text: unescape(text), ...(style === undefined ? {} : { style: { [style]: true } }) }]

/** What stands between `<` and `>`. */
function reference(inside: string): Fields {
  const [target = '', label] = inside.split('|')
  if (target.startsWith('@')) return { type: 'user', user_id: target.slice(1) }
  if (target.startsWith('#')) return { type: 'channel', channel_id: target.slice(1) }
  if (target.startsWith('!')) return { type: 'broadcast', range: target.slice(1) }
  return { type: 'link', url: unescape(target), ...(label === undefined ? {} : { text: unescape(label) }) }
}

function inline(text: string): Fields[] {
  const elements: Fields[] = []
  let end = 0
  for (const found of text.matchAll(INLINE)) {
    const [all, inside, emoji, ...styled] = found
    const index = styled.findIndex((one) => one !== undefined)
    elements.push(...words(text.slice(end, found.index)))
    if (inside !== undefined) elements.push(reference(inside))
    else if (emoji !== undefined) elements.push({ type: 'emoji', name: emoji })
    else elements.push(...words(styled[index] ?? '', STYLES[index]))
    end = found.index + all.length
  }
  return [...elements, ...words(text.slice(end))]
}

const section = (text: string): Fields[] => (text === '' ? [] : [{ type: 'rich_text_section', elements: inline(text) }])

/** None for a message without text. */
export function typedBlocks(text: string, blockId: string): Fields[] {
  const elements: Fields[] = []
  let end = 0
  for (const found of text.matchAll(FENCE)) {
    elements.push(...section(text.slice(end, found.index).replace(/\n$/u, '')))
    elements.push({ type: 'rich_text_preformatted', elements: words(found[1] ?? '') })
    end = found.index + found[0].length
  }
  elements.push(...section(text.slice(end).replace(end > 0 ? /^\n/u : /^$/u, '')))
  return elements.length === 0 ? [] : [{ type: 'rich_text', block_id: blockId, elements }]
}
