import { z } from 'zod'

/** Slack wants at least one character wherever it takes text. */
const words = (max: number) => z.string().min(1).max(max)

export const plainText = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: words(max),
    emoji: z.boolean().optional(),
  })

export const mrkdwnText = (max: number) => z.strictObject({ type: z.literal('mrkdwn'), text: words(max), verbatim: z.boolean().optional() })

export const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwnText(max)])

export const identifier = z.string().min(1).max(255).optional()

/** Slack refuses relative links and bare host names. */
export const link = z
  .string()
  .min(1)
  .max(3000)
  .refine((text) => URL.canParse(text), { message: 'must be a valid URL' })

const colorScheme = z.enum(['primary', 'danger'])

export const confirmDialog = z.strictObject({
  title: plainText(100).optional(),
  text: anyText(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: colorScheme.optional(),
})

const optionRest = { value: z.string().min(1).max(150), description: plainText(75).optional() }

/** Menus show plain text only. */
export const menuOption = z.strictObject({ text: plainText(75), ...optionRest })

/** Check boxes and radio buttons may format their texts. */
export const choiceOption = z.strictObject({
  text: anyText(75),
  value: z.string().min(1).max(150),
  description: anyText(75).optional(),
})

/** The overflow menu is the only one whose options may be links. */
export const overflowOption = z.strictObject({
  text: plainText(75),
  ...optionRest,
  url: link.optional(),
})

export const optionGroup = z.strictObject({
  label: plainText(75),
  options: z.array(menuOption).min(1).max(100),
})

export const style = colorScheme
