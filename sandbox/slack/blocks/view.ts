import { z } from 'zod'

import { viewBlock } from './layout.ts'
import { findDuplicates } from './measure.ts'
import type { Refusal } from './message.ts'
import { findProblems, type Problem } from './problems.ts'
import { plainText } from './text.ts'

const base = {
  blocks: z.array(viewBlock).max(100),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
}

const modal = z.strictObject({
  type: z.literal('modal'),
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
  ...base,
})

const home = z.strictObject({ type: z.literal('home'), ...base })

/** A modal with something to fill in needs a button to send it. */
function findUnsendable(view: Record<string, unknown>): Problem[] {
  if (view['type'] !== 'modal' || view['submit'] !== undefined) return []
  return (view['blocks'] as { type: string }[]).flatMap((block, index) =>
    block.type === 'input'
      ? [
          {
            message: 'must define `submit` to use an `input` block in modals',
            pointer: `/view/blocks/${index}/input`,
          },
        ]
      : [],
  )
}

/** The cursor can be in one place. */
function findRivals(blocks: unknown[]): Problem[] {
  const focused = blocks.flatMap((block, index) => (JSON.stringify(block).includes('"focus_on_load":true') ? [index] : []))
  return focused.slice(1).map((index) => ({
    message: 'only one element can have `focus_on_load` set to true',
    pointer: `/view/blocks/${index}`,
  }))
}

/** What Slack would refuse in a view. */
export function checkView(view: Record<string, unknown>, type: 'modal' | 'home'): Refusal | undefined {
  const problems = findProblems(type === 'modal' ? modal : home, view, '/view')
  if (problems.length === 0) {
    const blocks = view['blocks'] as unknown[]
    problems.push(...findDuplicates(blocks, '/view/blocks'), ...findUnsendable(view), ...findRivals(blocks))
  }
  return problems.length > 0 ? { error: 'invalid_arguments', problems } : undefined
}
