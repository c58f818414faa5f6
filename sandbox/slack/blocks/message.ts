import { z } from 'zod'

import { messageBlock } from './layout.ts'
import { findDuplicates, textLength } from './measure.ts'
import { findProblems, type Problem } from './problems.ts'

/** A refusal with Slack's code for it. */
export interface Refusal {
  error: string
  problems: Problem[]
}

const MAX_BLOCKS = 50
const MAX_BLOCKS_TEXT = 12_000
/**
 * The cumulative limit also counts the blocks themselves: 11,341 characters in 45 blocks are refused, 9,597 in 50 are
 * not (measured, slackapi/bolt-js issue 2867). The exact weight is not documented; this one agrees with both.
 */
const BLOCK_WEIGHT = 20

const attachment = z.strictObject({
  blocks: z.array(z.unknown()).optional(),
  fallback: z.string().optional(),
  color: z
    .string()
    .regex(/^(good|warning|danger|#?[0-9a-fA-F]{6}|#?[0-9a-fA-F]{3})$/u, 'must be a valid color')
    .optional(),
  text: z.string().optional(),
  pretext: z.string().optional(),
  author_name: z.string().optional(),
  author_link: z.string().optional(),
  author_icon: z.string().optional(),
  author_subname: z.string().optional(),
  title: z.string().optional(),
  title_link: z.string().optional(),
  fields: z
    .array(
      z.strictObject({
        title: z.string().optional(),
        value: z.string(),
        short: z.boolean().optional(),
      }),
    )
    .optional(),
  image_url: z.string().optional(),
  thumb_url: z.string().optional(),
  footer: z.string().max(300).optional(),
  footer_icon: z.string().optional(),
  ts: z.union([z.string(), z.number()]).optional(),
  mrkdwn_in: z.array(z.enum(['pretext', 'text', 'fields'])).optional(),
  id: z.number().optional(),
})

const metadata = z.strictObject({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
})

const ofType = (blocks: unknown[], type: string) => blocks.filter((block) => (block as { type?: unknown } | null)?.type === type).length

function checkList(blocks: unknown[], at: string): Problem[] {
  const found = findProblems(z.array(messageBlock), blocks, at)
  return found.length > 0 ? found : findDuplicates(blocks, at)
}

function checkAttachments(attachments: unknown[]): Problem[] {
  return attachments.flatMap((item, index) => {
    const at = `/attachments/${index}`
    const found = findProblems(attachment, item, at)
    if (found.length > 0) return found
    return checkList((item as { blocks?: unknown[] }).blocks ?? [], `${at}/blocks`)
  })
}

function checkTotals(all: unknown[]): Refusal | undefined {
  const refuse = (message: string): Refusal => ({
    error: 'invalid_blocks',
    problems: [{ message, pointer: '/blocks' }],
  })
  if (all.length > MAX_BLOCKS) return refuse(`no more than ${MAX_BLOCKS} items allowed`)
  if (ofType(all, 'table') > 1) return refuse('only_one_table_allowed')
  if (ofType(all, 'data_visualization') > 2) return refuse('no more than 2 data_visualization blocks allowed')
  return undefined
}

/** What Slack would refuse in the blocks and attachments of a message. */
export function checkMessageBlocks(blocks: unknown[], attachments: unknown[], limitText: boolean): Refusal | undefined {
  const problems = checkList(blocks, '/blocks')
  if (problems.length > 0) return { error: 'invalid_blocks', problems }
  const inAttachments = checkAttachments(attachments)
  if (inAttachments.length > 0) return { error: 'invalid_attachments', problems: inAttachments }
  const all = [...blocks, ...attachments.flatMap((item) => (item as { blocks?: unknown[] }).blocks ?? [])]
  const totals = checkTotals(all)
  if (totals) return totals
  const weight = textLength(all) + all.length * BLOCK_WEIGHT
  if (limitText && weight > MAX_BLOCKS_TEXT) return { error: 'msg_blocks_too_long', problems: [] }
  return undefined
}

export function checkMetadata(value: unknown): Refusal | undefined {
  const problems = findProblems(metadata, value, '/metadata')
  return problems.length > 0 ? { error: 'invalid_metadata_format', problems } : undefined
}
