import type { Fields } from './types.ts'

/** The 31st of February is parsed as one of March. */
function isDate(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

const isTime = (text: string) => /^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(text)

function checked(text: string | undefined, isSo: (text: string) => boolean, what: string): string | null {
  if (text !== undefined && !isSo(text)) throw new Error(`"${text}" is no ${what}: nobody can pick that`)
  return text ?? null
}

/** What a person can pick: a value as typed, or the option with that value. An empty text is nothing. */
export function pickValue(element: Fields, given: string | undefined): Fields {
  const type = String(element['type'])
  const value = given === '' ? undefined : given
  switch (type) {
    case 'button':
      return { type, ...(element['value'] === undefined ? {} : { value: element['value'] }) }
    case 'overflow':
    case 'static_select':
    case 'radio_buttons':
      return { type, selected_option: value === undefined ? null : findOption(element, value) }
    case 'checkboxes':
      return {
        type,
        selected_options: value ? value.split(',').map((one) => findOption(element, one)) : [],
      }
    case 'users_select':
      return { type, selected_user: value ?? null }
    case 'datepicker':
      return { type, selected_date: checked(value, isDate, 'date') }
    case 'timepicker':
      return { type, selected_time: checked(value, isTime, 'time') }
    default:
      return { type, value: value ?? null }
  }
}

export function optionsOf(element: Fields): Fields[] {
  const groups = (element['option_groups'] ?? []) as { options: Fields[] }[]
  return [...((element['options'] ?? []) as Fields[]), ...groups.flatMap((group) => group.options)]
}

function findOption(element: Fields, value: string): Fields {
  const found = optionsOf(element).find((option) => option['value'] === value)
  if (found) return found
  const known = optionsOf(element).map((option) => option['value'])
  throw new Error(`there is no option "${value}"; there are: ${known.join(', ')}`)
}

/** What is picked before anybody touches the element. */
function initialValue(element: Fields): Fields {
  const type = String(element['type'])
  if (type === 'checkboxes') return { type, selected_options: element['initial_options'] ?? [] }
  if (type === 'static_select' || type === 'radio_buttons') {
    return { type, selected_option: element['initial_option'] ?? null }
  }
  const initial = element['initial_user'] ?? element['initial_date'] ?? element['initial_time'] ?? element['initial_value']
  return pickValue(element, initial as string | undefined)
}

const stateless = new Set(['button', 'overflow', 'image'])

/** The elements of a block that hold a value or can be clicked. */
export function elementsOf(block: Fields): Fields[] {
  const inner = block['elements']
  const listed = Array.isArray(inner) && /^(?:actions|context_actions|carousel)$/u.test(String(block['type'])) ? inner : []
  const single = [block['accessory'], block['element']].filter((one) => one !== undefined)
  const buttons = Array.isArray(block['actions']) ? block['actions'] : []
  return ([...listed, ...single, ...buttons] as Fields[]).flatMap((element) =>
    element['type'] === 'card' ? elementsOf(element) : [element],
  )
}

export function initialState(blocks: Fields[]): Record<string, Record<string, Fields>> {
  const values: Record<string, Record<string, Fields>> = {}
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      if (stateless.has(String(element['type']))) continue
      const id = String(block['block_id'])
      values[id] = { ...values[id], [String(element['action_id'])]: initialValue(element) }
    }
  }
  return values
}
