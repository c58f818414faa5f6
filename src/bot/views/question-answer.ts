import type { Facts, Source } from '../../services/answers/facts.ts'
import type { ThreadAnswer } from '../../services/incidents/ports.ts'
import { cutMarked } from './agent-text.ts'
import { cut, duration, escape, LIMITS } from './text.ts'

/** What Claude answered in a thread. Its words are text that means nothing to Slack, but for a few marks and links of our own. */

/** What was looked at, with ages; we write it, the model does not. */
export function lookedAt(sources: readonly Pick<Source, 'told' | 'at'>[], now: number): string {
  return `Looked at: ${sources.map(({ told, at }) => (at === null ? told : `${told} (${now - at < 2000 ? 'just now' : `${duration(now - at)} old`})`)).join(', ')}`
}

const LEFT_OUT = '(a link was left out)'
const LINK = /\b(?:https?:\/\/|www\.)[^\s<>()[\]"'`|*]+/gi

/** A line with only those links that are ours. */
function linked(line: string, links: ReadonlySet<string>): string {
  let text = ''
  let end = 0
  for (const match of line.matchAll(LINK)) {
    const url = match[0].replace(/[.,;:!?_]+$/, '')
    text += `${escape(line.slice(end, match.index))}${links.has(url) ? `<${escape(url)}>` : LEFT_OUT}`
    end = match.index + url.length
  }
  return text + escape(line.slice(end))
}

/** The little Markdown that a model cannot help writing, as Slack marks it. */
function marked(line: string, links: ReadonlySet<string>): string {
  const plain = line
    .replace(/^\s*#{1,6}\s+(.*)$/, '**$1**')
    .replace(/^\s*[-*+]\s+/, '• ')
    .replaceAll(/!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)/g, '$1 $2')
    .replaceAll(/`{2,}\w*/g, '')
  return linked(plain, links)
    .trim()
    .replaceAll(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '*$2*')
}

// Marks that turn the direction of text, take no room, or are letters only to a machine.
const UNSEEN = /[\p{Cf}\p{Co}\p{Cs}]/gu
/** That line is ours to write. */
const OUR_LINE = /^[\s_*>•-]*looked at\b/i

/** Leaves room for the line below it. */
const LONGEST_ANSWER = LIMITS.sectionText - 600

export function claudeAnswer(text: string, { sources, links }: Facts, now: number): ThreadAnswer {
  const ours = new Set(links)
  const lines = text
    .toWellFormed()
    .replaceAll(UNSEEN, '')
    .split(/\r?\n/)
    .filter((line) => !OUR_LINE.test(line))
    .map((line) => marked(line, ours))
    .filter((line) => line !== '')
  const said = cutMarked(lines.join('\n') || '(no words)', LONGEST_ANSWER)
  const looked = cut(`${lookedAt(sources, now)}. Claude proposes; people act.`, 500)
  return { text: `${said}\n_${looked}_`, table: null, verbatim: true }
}
