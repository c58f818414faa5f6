import { hashOf, tokensOf } from './prompt.ts'
import type { Piece } from './prompt.ts'
import type { Breakpoint } from './request/cache-control.ts'
import type { MessagesRequest, ModelInfo, Usage } from './types.ts'

/** How far before a breakpoint the service looks for an earlier one. */
const LOOKBACK = 20

interface Mark extends Breakpoint {
  index: number
}

type InputUsage = Omit<Usage, 'output_tokens'>

/** What was read before, by the hash of everything up to a breakpoint. */
export function createPromptCache(now: () => number) {
  const entries = new Map<string, number>()

  return {
    /** What the input of a request costs; and the request is remembered as far as its breakpoints say. */
    charge(model: ModelInfo, request: MessagesRequest, pieces: readonly Piece[], automatic: Breakpoint | undefined): InputUsage {
      const at = now()
      for (const [hash, expiresAt] of entries) if (expiresAt <= at) entries.delete(hash)
      const hashes = hashesOf(model, request, pieces)
      const sums = pieces.map(
        (
          (sum) => (piece: Piece) =>
            (sum += tokensOf(piece.text))
        )(0),
      )
      const upTo = (index: number): number => (index < 0 ? 0 : (sums[index] ?? 0))
      const marks = marksOf(pieces, automatic).filter(({ index }) => upTo(index) >= model.minCached)
      const found = marks
        .toReversed()
        .map(({ index }) => lookBack(index, (one) => entries.has(hashes[one] ?? '')))
        .find((index) => index >= 0)
      const read = upTo(found ?? -1)
      if (found !== undefined)
        entries.set(hashes[found] ?? '', Math.max(entries.get(hashes[found] ?? '') ?? 0, at + (marks.at(-1)?.ttlMs ?? 0)))
      for (const { index, ttlMs } of marks) entries.set(hashes[index] ?? '', at + ttlMs)
      const created = Math.max(0, upTo(marks.at(-1)?.index ?? -1) - read)
      return {
        input_tokens: upTo(pieces.length - 1) - read - created,
        cache_creation_input_tokens: created,
        cache_read_input_tokens: read,
      }
    },
  }
}

function lookBack(from: number, isKnown: (index: number) => boolean): number {
  for (let index = from; index >= Math.max(0, from - LOOKBACK); index -= 1) if (isKnown(index)) return index
  return -1
}

/** Another choice of tools or of thinking spoils the messages, not the tools and the system prompt before them. */
function hashesOf(model: ModelInfo, { toolChoice, thinking }: MessagesRequest, pieces: readonly Piece[]): string[] {
  let hash = model.id
  let part = 'tools'
  return pieces.map((piece) => {
    if (piece.part === 'messages' && part !== 'messages') hash = hashOf(hash, JSON.stringify([toolChoice, thinking]))
    part = piece.part
    hash = hashOf(hash, piece.part, piece.text)
    return hash
  })
}

function marksOf(pieces: readonly Piece[], automatic: Breakpoint | undefined): Mark[] {
  const marks = pieces.flatMap(({ breakpoint }, index): Mark[] => (breakpoint === undefined ? [] : [{ index, ...breakpoint }]))
  const last = pieces.findLastIndex(({ block }) => block?.type !== 'thinking')
  if (automatic !== undefined && last >= 0 && marks.at(-1)?.index !== last) marks.push({ index: last, ...automatic })
  return marks
}
