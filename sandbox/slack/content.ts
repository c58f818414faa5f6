import { checkMessageBlocks, checkMetadata, type Refusal } from './blocks/message.ts'
import { formatProblem } from './blocks/problems.ts'
import type { ApiAnswer, Fields, Message } from './types.ts'

/** What a message says. A field that is absent was not given, which matters when a message is edited. */
export interface Content {
  text?: string
  blocks?: Fields[]
  attachments?: Fields[]
  metadata?: NonNullable<Message['metadata']>
}

export type ContentResult = { ok: true; content: Content } | { ok: false; answer: ApiAnswer }

const MAX_TEXT = 40_000

export const refused = (refusal: Refusal): ApiAnswer => {
  const messages = refusal.problems.map(formatProblem)
  return {
    ok: false,
    error: refusal.error,
    ...(messages.length === 0
      ? {}
      : {
          errors: messages.map((text) => text.replace('[ERROR] ', '')),
          response_metadata: { messages },
        }),
  }
}

const failed = (error: string): ContentResult => ({ ok: false, answer: { ok: false, error } })

const isEmptyObject = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** Slack gives every block an id when the app does not; a click then names it. */
function withBlockIds(blocks: Fields[], newId: () => string): Fields[] {
  return blocks.map((block) => ({ ...block, block_id: block['block_id'] ?? newId() }))
}

interface Checks {
  newId: () => string
  /** The cumulative text limit holds for `chat.*`, not for `response_url` (slackapi/bolt-js issue 2867). */
  limitText: boolean
  /** An edit may leave everything out that it does not change. */
  mayBeEmpty?: boolean
}

function checkShapes(args: Fields): ContentResult | undefined {
  const { text, blocks, attachments } = args
  if (text !== undefined && typeof text !== 'string') return failed('invalid_arguments')
  if (blocks !== undefined && !Array.isArray(blocks)) return failed('invalid_blocks_format')
  if (attachments !== undefined && !Array.isArray(attachments)) return failed('invalid_attachments')
  return undefined
}

function numbered(attachments: Fields[], newId: () => string): Fields[] {
  return attachments.map((attachment, index) => ({
    ...attachment,
    id: index + 1,
    ...(Array.isArray(attachment['blocks']) ? { blocks: withBlockIds(attachment['blocks'] as Fields[], newId) } : {}),
  }))
}

/** Checks `text`, `blocks`, `attachments` and `metadata` as Slack does before it shows anything. */
export function readContent(args: Fields, checks: Checks): ContentResult {
  const misshapen = checkShapes(args)
  if (misshapen) return misshapen
  const text = args['text'] as string | undefined
  const blocks = args['blocks'] as Fields[] | undefined
  const attachments = args['attachments'] as Fields[] | undefined
  const refusal = checkMessageBlocks(blocks ?? [], attachments ?? [], checks.limitText)
  if (refusal) return { ok: false, answer: refused(refusal) }
  if (!checks.mayBeEmpty && !text && !blocks?.length && !attachments?.length) return failed('no_text')
  const metadata = args['metadata']
  const badMetadata = metadata === undefined || isEmptyObject(metadata) ? undefined : checkMetadata(metadata)
  if (badMetadata) return { ok: false, answer: refused(badMetadata) }
  return {
    ok: true,
    content: {
      ...(text === undefined ? {} : { text: text.slice(0, MAX_TEXT) }),
      ...(blocks ? { blocks: withBlockIds(blocks, checks.newId) } : {}),
      ...(attachments ? { attachments: numbered(attachments, checks.newId) } : {}),
      ...(metadata === undefined ? {} : { metadata: metadata as NonNullable<Message['metadata']> }),
    },
  }
}

/** An absent field keeps what was there, an empty one removes it. */
export function applyContent(
  target: {
    text: string
    blocks?: Fields[]
    attachments?: Fields[]
    metadata?: Message['metadata']
  },
  content: Content,
) {
  if (content.text !== undefined) target.text = content.text
  if (content.blocks?.length) target.blocks = content.blocks
  else if (content.blocks) delete target.blocks
  if (content.attachments?.length) target.attachments = content.attachments
  else if (content.attachments) delete target.attachments
  if (content.metadata && isEmptyObject(content.metadata)) delete target.metadata
  else if (content.metadata) target.metadata = content.metadata
}
