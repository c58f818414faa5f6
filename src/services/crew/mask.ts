import type { Charter, Field } from '../sheets/charter.ts'

/** Makes a text fit for a crew page. */
export type Mask = (text: string) => string

/** What stands where something was left out. */
const PHONE = '[phone hidden]'
const EMAIL = '[e-mail hidden]'
const CONTACT = '[contact hidden]'
const AMOUNT = '[amount hidden]'

/** The same letters for the same text, and nothing that cannot be seen: a zero-width space would hide a number from the patterns. */
const normalise = (text: string): string => text.normalize('NFKC').replaceAll(/(?![\t\n])[\p{Cf}\p{Cc}]/gu, '')

const PHONE_LIKE = /(?:\+|00)?\(?\d(?:[ \t().\-–—/·_*~•]{0,3}\d){6,}/g
/** Dates and times are runs of digits too. */
const DATE_OR_TIME =
  /\b20\d\d-[01]\d-[0-3]\d\b|\b[0-3]?\d\/[0-3]?\d\/(?:20)?\d\d\b|(?<![\d-])(?:[01]\d|2[0-3])[0-5]\d ?[-–—] ?(?:[01]\d|2[0-3])[0-5]\d(?![\d-])/g

const maskPhones: Mask = (text) =>
  text.replaceAll(PHONE_LIKE, (run) => (run.replaceAll(DATE_OR_TIME, '').replaceAll(/\D/g, '').length < 7 ? run : PHONE))

const EMAIL_LIKE = /[\p{L}\p{N}._%+-]{1,64} ?@ ?[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,4}/gu
const SPELLED_EMAIL =
  /[\p{L}\p{N}._%+-]{1,64}\s{0,2}(?:[[({]at[\])}]|\bat\b)\s{0,2}[\p{L}\p{N}-]{1,63}\s{0,2}(?:[[({]dot[\])}]|\bdot\b)\s{0,2}\p{L}{2,12}/giu
const ADDRESS =
  /\b(?:(?:mailto|tel|sms):|(?:https?:\/\/)?(?:www\.)?(?:wa\.me|t\.me|m\.me|signal\.me|line\.me|(?:api\.)?whatsapp\.com|instagram\.com|facebook\.com|fb\.com|linkedin\.com|twitter\.com|x\.com|tiktok\.com|snapchat\.com)\/)\S{1,200}/gi
const HANDLE = /(?<![\p{L}\p{N}])@[\p{L}\p{N}_.]{3,64}/gu

const NUMBER = String.raw`\d[\d,]*(?:\.\d+)?(?: ?k\b)?`
const MONEY_WORDS =
  'revenue|gross|fees?|costs?|pay|pays|paid|payment|payout|tips?|gratuity|deposit|owes?|owed|owing|balance|prices?|priced|rates?|charges?|charged|refunds?|refunded|cash|commission|total|invoice|due|worth|wages?|salary|collect'
/** What follows a number that counts something else. */
const NO_MONEY = String.raw`(?![\d%]|[:/]\d| ?(?:am|pm|hrs?|hours?|h|minutes?|min|guests?|people|pax|persons?|adults?|kids?|children|crew|nights?|days?|miles?|nm|ft|feet|st|nd|rd|th|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)`
const SIGNED: readonly RegExp[] = [
  new RegExp(String.raw`(?:US|USD|C|A)?[$€£¥]\s?${NUMBER}`, 'gi'),
  new RegExp(String.raw`\b(?:usd|eur|gbp|mxn|cad)\s?${NUMBER}`, 'gi'),
  new RegExp(String.raw`(?<![\d.,])${NUMBER}\s?(?:usd|eur|gbp|mxn|cad|dollars?|bucks?|pesos?|euros?|[$€£¥])(?![a-z])`, 'gi'),
]
const UNSIGNED: readonly RegExp[] = [
  // `1,250` and `1250.00` are amounts whatever stands beside them.
  /(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?(?![\d,])/g,
  /(?<![\d.,])\d{3,}\.\d\d(?!\d|\.\d)/g,
  new RegExp(String.raw`(?<=\b(?:${MONEY_WORDS})\b[^\d\n.;!?]{0,20})(?=\d[\d,.]*\d|\d ?k\b)${NUMBER}${NO_MONEY}`, 'gi'),
  new RegExp(String.raw`(?<![\d.,:/-])\d{2,}(?:\.\d+)? (?=(?:${MONEY_WORDS})\b)`, 'gi'),
]

const maskMoney = (text: string, patterns: readonly RegExp[]): string =>
  patterns.reduce((shown, pattern) => shown.replace(pattern, (found) => AMOUNT + (found.endsWith(' ') ? ' ' : '')), text)

/** An id may look like a telephone number or a sum by itself: only what no id holds is hidden. */
export const maskId: Mask = (text) => maskMoney(normalise(text).replaceAll(EMAIL_LIKE, EMAIL), SIGNED)

/** Hides whatever looks like a phone number, an address or an amount of money, whoever's it is. */
export const maskLike: Mask = (text) => {
  const reached = normalise(text)
    .replaceAll(ADDRESS, CONTACT)
    .replaceAll(EMAIL_LIKE, EMAIL)
    .replaceAll(SPELLED_EMAIL, EMAIL)
    .replaceAll(HANDLE, CONTACT)
  return maskMoney(maskPhones(reached), [...SIGNED, ...UNSIGNED])
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)

/** A number however it is grouped: its digits with at most a few other signs between them. */
const spread = (digits: string): string => digits.replaceAll(/(?<=\d)(?=\d)/g, String.raw`[^\p{L}\p{N}\n]{0,3}`)

function phonesIn(contact: string): string[] {
  const runs = [...(contact.match(PHONE_LIKE) ?? [])].map((run) => run.replaceAll(/\D/g, ''))
  // Without the country, and without the area: people write both.
  return runs.flatMap((digits) => [digits, digits.slice(-10), digits.slice(-7)])
}

const LABEL =
  /\b(?:insta(?:gram)?|ig|whats ?app|wa|telegram|signal|wechat|line|skype|fb|facebook|snap(?:chat)?|e-?mail|mail)\s*[:=]?\s+@?([\p{L}\p{N}_.-]{4,64})/giu

/** The parts of a contact that reach somebody: a name alone is none. */
function handlesIn(contact: string): string[] {
  const words = contact.split(/[\s,;|<>()"']+/).map((word) => word.replaceAll(/^[.:@/]+|[.:/]+$/g, ''))
  const labelled = [...contact.matchAll(LABEL)].map((match) => match[1] ?? '')
  return [...words.filter((word) => word.length >= 4 && /\p{L}/u.test(word) && /[@_.\d/]/.test(word)), ...labelled]
}

/** Every way to write an amount by itself. Up to 99 dollars it could be anything, and is left to `maskLike`. */
function amountForms(cents: number): string[] {
  const [dollars, rest] = [Math.floor(cents / 100), cents % 100]
  if (dollars < 100) return []
  const grouped = String(dollars).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, "[ ,.']?")
  const decimals = String(rest).padStart(2, '0')
  // Rounded or not: both say it.
  return [String.raw`(?<![\d.,])${grouped}(?:[.,]${decimals}|[.,]${decimals.replace(/0$/, '')})?(?!\d|[.,]\d)`]
}

/** In this order: the longer form first, or half of it would be left. */
const byLength = (texts: readonly string[]): string[] => [...new Set(texts)].filter(Boolean).toSorted((a, b) => b.length - a.length)

const anyOf = (sources: readonly string[]): RegExp | null => (sources.length === 0 ? null : new RegExp(sources.join('|'), 'giu'))

const replaceAll = (text: string, pattern: RegExp | null, by: string): string => (pattern === null ? text : text.replace(pattern, by))

const MONEY_FIELDS = ['grossRevenue', 'crewCost', 'portFee'] as const
const NEVER_WHOLE: ReadonlySet<Field> = new Set(['id', 'date', 'start', 'end', 'status', ...MONEY_FIELDS])

export interface KnownMask {
  /** For a name, a number, a word: the charter's own contact and what its sheet calls private. */
  readonly short: Mask
  /** For sentences: the charter's amounts as bare numbers too. In a short text `320` is a boat. */
  readonly free: Mask
}

/** Hides what the private columns of this very charter hold, wherever else it was written. */
export function maskKnown(charter: Charter, privateFields: ReadonlySet<Field>): KnownMask {
  const contact = normalise(charter.contact)
  const whole = [...new Set<Field>(['contact', ...privateFields])]
    .filter((field) => !NEVER_WHOLE.has(field))
    .map((field) => normalise(String(charter[field] ?? '')).trim())
    .filter((value) => value.length >= 4 && (value.toLowerCase() !== charter.client.trim().toLowerCase() || privateFields.has('client')))
  const literal = anyOf(byLength([...whole, ...handlesIn(contact)]).map(escaped))
  const phones = anyOf(byLength(phonesIn(contact)).map((digits) => String.raw`\+?${spread(digits)}`))
  const amounts = anyOf(MONEY_FIELDS.flatMap((field) => amountForms(charter[field] ?? 0)))
  const short: Mask = (text) => replaceAll(replaceAll(normalise(text), literal, CONTACT), phones, PHONE)
  return { short, free: (text) => replaceAll(short(text), amounts, AMOUNT) }
}
