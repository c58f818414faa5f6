import type { CallToolResult } from '@modelcontextprotocol/client'

/** The longest output of a call, in characters, as it stands in the conversation. */
const LONGEST = 19_000

type Part = CallToolResult['content'][number]

function partText(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'image':
    case 'audio':
      return `[${part.type}]`
    case 'resource_link':
      return `[link to ${part.uri}]`
    case 'resource':
      return 'text' in part.resource ? `[resource ${part.resource.uri}]\n${part.resource.text}` : `[resource ${part.resource.uri}]`
  }
}

/** As much of a text as stays within the limit once it is written as JSON, with what was left out said. */
export function capOutput(text: string): string {
  let kept = text.slice(0, LONGEST)
  while (JSON.stringify(kept).length > LONGEST) kept = kept.slice(0, Math.floor(kept.length * 0.9))
  return kept.length === text.length ? text : `${kept}\n[cut: ${text.length - kept.length} more characters are left out]`
}

/** What a call brought, as text: texts joined, other parts only named. */
export function outputText({ content, structuredContent }: Pick<CallToolResult, 'content' | 'structuredContent'>): string {
  const parts = content.map(partText)
  const text = parts.length === 0 && structuredContent !== undefined ? JSON.stringify(structuredContent) : parts.join('\n')
  return text === '' ? '(nothing)' : text
}
