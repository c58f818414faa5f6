import { dayInWords } from './agreement.ts'
import type { SignatureRequest } from './request.ts'

/** What a person sends to a guest, ready to be copied. */
export interface GuestMessage {
  readonly subject: string
  readonly text: string
}

/** A way to reach somebody, and the link that opens the person's own mail or message program with everything filled in. */
export interface ContactLink {
  readonly kind: 'mailto' | 'sms'
  readonly to: string
  readonly href: string
}

export type ContactLinks =
  | { readonly kind: 'links'; readonly links: readonly ContactLink[] }
  /** In words: why there is none. */
  | { readonly kind: 'none'; readonly why: string }

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()

/** The ready text. `address` is the guest's page. */
export function guestMessage(
  request: Pick<SignatureRequest, 'guest' | 'details'>,
  { address, kind }: { readonly address: string; readonly kind: 'request' | 'reminder' },
): GuestMessage {
  const trip = `${oneLine(request.details.vessel) || 'your boat'} on ${dayInWords(request.details.date)}`
  const opening =
    kind === 'request'
      ? `you are sailing with us on ${trip}. Please read and sign the guest agreement before we leave:`
      : `a reminder: we still need your signature before you sail with us on ${trip}. It takes two minutes:`
  const text = [
    `Hi ${oneLine(request.guest)},`,
    '',
    opening,
    '',
    address,
    '',
    'The link is yours alone; please do not pass it on. If you would rather sign on paper, tell us.',
    '',
    'JADA',
  ]
  return { subject: `${kind === 'request' ? 'Please sign' : 'Reminder, please sign'}: sailing ${trip}`, text: text.join('\n') }
}

const EMAIL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu
/** A number of North America, however it is grouped; and one that says its country. */
const NUMBER = /(?<![\d+])(?:\+?1[\s.-]{0,2})?\(?\d{3}\)?[\s.-]{0,2}\d{3}[\s.-]{0,2}\d{4}(?!\d)|\+(?:[\s().-]{0,2}\d){7,15}(?!\d)/g
const MOST_CONTACTS = 10

/** Without a country it is a number of the United States: the business is in San Diego. */
function toPhone(text: string): string {
  const digits = text.replaceAll(/\D/g, '')
  if (text.trim().startsWith('+')) return `+${digits}`
  return digits.length === 10 ? `+1${digits}` : `+${digits}`
}

/** Every address and number of the contact column, each once. */
export function readContact(contact: string): { readonly emails: readonly string[]; readonly phones: readonly string[] } {
  const text = contact
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[‐-―]/g, '-')
  const found = [...text.matchAll(EMAIL)].map(([email]) => email.replace(/^[.'`]+/, ''))
  const emails = new Map(found.filter(Boolean).map((email) => [email.toLowerCase(), email]))
  const rest = text.replaceAll(EMAIL, ' ').replaceAll(/(^|[^\d+])00(?=[1-9])/g, '$1+')
  const phones = new Set([...rest.matchAll(NUMBER)].map(([number]) => toPhone(number)))
  return { emails: [...emails.values()].slice(0, MOST_CONTACTS), phones: [...phones].slice(0, MOST_CONTACTS) }
}

/** Strict: also what `encodeURIComponent` leaves, so that no Slack link and no shell ends early at it. */
const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()*]/g, (sign) => `%${sign.codePointAt(0)?.toString(16).toUpperCase() ?? ''}`)

/** Lines end in CRLF in a mail (RFC 6068, 5). */
function mailto(email: string, { subject, text }: GuestMessage): string {
  const to = encode(email).replaceAll('%40', '@')
  return `mailto:${to}?subject=${encode(subject)}&body=${encode(text.replaceAll('\n', '\r\n'))}`
}

/** RFC 5724 says `?body=`, which older iPhones did not take, and those took `&body=`: both read this. */
const sms = (phone: string, { text }: GuestMessage): string => `sms:${phone}?&body=${encode(text)}`

/** Ready-made links for whoever sends the message. The contact column is private: only for the office's eyes. */
export function contactLinks(contact: string, message: GuestMessage): ContactLinks {
  const { emails, phones } = readContact(contact)
  const links: ContactLink[] = [
    ...phones.map((to) => ({ kind: 'sms' as const, to, href: sms(to, message) })),
    ...emails.map((to) => ({ kind: 'mailto' as const, to, href: mailto(to, message) })),
  ]
  if (links.length > 0) return { kind: 'links', links }
  return {
    kind: 'none',
    why:
      contact.trim() === ''
        ? 'The port sheet has no contact for this charter. Copy the text and send it yourself.'
        : 'The contact in the port sheet holds no phone number and no e-mail address that could be used. Copy the text and send it yourself.',
  }
}
