import { z } from 'zod'

import { messageOnly } from './data.ts'
import {
  accessoryElement,
  actionsElement,
  button,
  contextActionsElement,
  contextElement,
  image,
  imageBlock,
  inputElement,
} from './elements.ts'
import { richText } from './rich-text.ts'
import { anyText, identifier, mrkdwnText, plainText } from './text.ts'

const base = <T extends string>(type: T) => ({ type: z.literal(type), block_id: identifier })

const section = z
  .strictObject({
    ...base('section'),
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessoryElement.optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, {
    message: 'missing required field: text',
  })

const card = z
  .strictObject({
    ...base('card'),
    hero_image: image.optional(),
    icon: image.optional(),
    slack_icon: z.strictObject({ type: z.string().optional(), name: z.string() }).optional(),
    title: mrkdwnText(150).optional(),
    subtitle: mrkdwnText(150).optional(),
    body: mrkdwnText(200).optional(),
    actions: z.array(button).optional(),
  })
  .refine((block) => Boolean(block.hero_image ?? block.title ?? block.actions ?? block.body), {
    message: 'must provide at least one of `hero_image`, `title`, `actions` or `body`',
  })

const everywhere = [
  section,
  z.strictObject({ ...base('header'), text: plainText(150) }),
  z.strictObject({ ...base('context'), elements: z.array(contextElement).min(1).max(10) }),
  z.strictObject({ ...base('divider') }),
  z.strictObject({ ...base('actions'), elements: z.array(actionsElement).min(1).max(25) }),
  imageBlock,
  z.strictObject({
    ...base('input'),
    label: plainText(2000),
    element: inputElement,
    hint: plainText(2000).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
  }),
  richText,
  z.strictObject({
    ...base('alert'),
    text: anyText(3000),
    level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
  }),
  card,
  z.strictObject({ ...base('carousel'), elements: z.array(card).min(1).max(10) }),
] as const

/** Blocks of modals and of the home tab. */
export const viewBlock = z.discriminatedUnion('type', [...everywhere])

/** Blocks of messages. */
export const messageBlock = z.discriminatedUnion('type', [
  ...everywhere,
  z.strictObject({ ...base('markdown'), text: z.string().min(1).max(12_000) }),
  z.strictObject({
    ...base('context_actions'),
    elements: z.array(contextActionsElement).min(1).max(5),
  }),
  ...messageOnly,
])
