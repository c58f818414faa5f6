import { z } from 'zod'

import {
  anyText,
  choiceOption,
  confirmDialog,
  identifier,
  link,
  menuOption,
  optionGroup,
  overflowOption,
  plainText,
  style,
} from './text.ts'

const confirm = confirmDialog.optional()
const placeholder = plainText(150).optional()
const focus = { focus_on_load: z.boolean().optional() }
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/u, 'must be a valid date')
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/u, 'must be a valid time')

interface Choice {
  text: { text: string }
  value: string
}

/** What is picked from the start must be exactly one of the options: Slack compares its text too. */
const isOffered = (initial: readonly (Choice | undefined)[], options: readonly Choice[]) =>
  initial.every((one) => !one || options.some(({ text, value }) => value === one.value && text.text === one.text.text))

export const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: identifier,
  url: link.optional(),
  value: z.string().max(2000).optional(),
  style: style.optional(),
  confirm,
  accessibility_label: z.string().max(75).optional(),
})

const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: identifier,
  options: z.array(overflowOption).min(1).max(5),
  confirm,
})

const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    action_id: identifier,
    placeholder,
    options: z.array(menuOption).min(1).max(100).optional(),
    option_groups: z.array(optionGroup).min(1).max(100).optional(),
    initial_option: menuOption.optional(),
    confirm,
    ...focus,
  })
  .refine(
    (menu) => isOffered([menu.initial_option], [...(menu.options ?? []), ...(menu.option_groups ?? []).flatMap((one) => one.options)]),
    {
      message: 'must be one of the options',
      path: ['initial_option'],
    },
  )
  .refine((menu) => (menu.options === undefined) !== (menu.option_groups === undefined), {
    message: 'must provide exactly one of `options` or `option_groups`',
  })

const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  action_id: identifier,
  placeholder,
  initial_user: z.string().optional(),
  confirm,
  ...focus,
})

const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  action_id: identifier,
  placeholder,
  initial_date: isoDate.optional(),
  confirm,
  ...focus,
})

const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  action_id: identifier,
  placeholder,
  initial_time: clockTime.optional(),
  timezone: z.string().optional(),
  confirm,
  ...focus,
})

const checkboxes = z
  .strictObject({
    type: z.literal('checkboxes'),
    action_id: identifier,
    options: z.array(choiceOption).min(1).max(10),
    initial_options: z.array(choiceOption).min(1).optional(),
    confirm,
    ...focus,
  })
  .refine(({ initial_options = [], options }) => isOffered(initial_options, options), {
    message: 'must be one of the options',
    path: ['initial_options'],
  })

const radioButtons = z
  .strictObject({
    type: z.literal('radio_buttons'),
    action_id: identifier,
    options: z.array(choiceOption).min(1).max(10),
    initial_option: choiceOption.optional(),
    confirm,
    ...focus,
  })
  .refine(({ initial_option, options }) => isOffered([initial_option], options), {
    message: 'must be one of the options',
    path: ['initial_option'],
  })

const dispatchConfig = z
  .strictObject({
    trigger_actions_on: z
      .array(z.enum(['on_enter_pressed', 'on_character_entered']))
      .min(1)
      .max(2),
  })
  .optional()

const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: identifier,
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
  dispatch_action_config: dispatchConfig,
  placeholder,
  ...focus,
})

const urlTextInput = z.strictObject({
  type: z.literal('url_text_input'),
  action_id: identifier,
  initial_value: z.string().optional(),
  dispatch_action_config: dispatchConfig,
  placeholder,
  ...focus,
})

const imageSource = {
  alt_text: z.string().min(1).max(2000),
  image_url: link.optional(),
  slack_file: z.union([z.strictObject({ id: z.string() }), z.strictObject({ url: z.string() })]).optional(),
}

const oneSource = (image: { image_url?: unknown; slack_file?: unknown }) =>
  (image.image_url === undefined) !== (image.slack_file === undefined)

export const image = z
  .strictObject({ type: z.literal('image'), ...imageSource })
  .refine(oneSource, { message: 'must provide exactly one of `image_url` or `slack_file`' })

export const imageBlock = z
  .strictObject({
    type: z.literal('image'),
    block_id: identifier,
    ...imageSource,
    title: plainText(2000).optional(),
  })
  .refine(oneSource, { message: 'must provide exactly one of `image_url` or `slack_file`' })

const feedbackButton = z.strictObject({
  text: plainText(75),
  value: z.string().max(2000),
  accessibility_label: z.string().max(75).optional(),
})

const feedbackButtons = z.strictObject({
  type: z.literal('feedback_buttons'),
  action_id: identifier,
  positive_button: feedbackButton,
  negative_button: feedbackButton,
})

const iconButton = z.strictObject({
  type: z.literal('icon_button'),
  action_id: identifier,
  icon: z.string(),
  text: plainText(75),
  value: z.string().max(2000).optional(),
  accessibility_label: z.string().max(75).optional(),
  visible_to_user_ids: z.array(z.string()).optional(),
  confirm,
})

const choices = [staticSelect, usersSelect, datepicker, timepicker, checkboxes, radioButtons] as const

export const actionsElement = z.discriminatedUnion('type', [button, overflow, ...choices])
export const accessoryElement = z.discriminatedUnion('type', [button, overflow, image, ...choices])
export const inputElement = z.discriminatedUnion('type', [plainTextInput, urlTextInput, ...choices])
export const contextElement = z.discriminatedUnion('type', [...anyText(3000).options, image])
export const contextActionsElement = z.discriminatedUnion('type', [feedbackButtons, iconButton])
