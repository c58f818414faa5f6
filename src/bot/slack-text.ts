/** What people typed in Slack, as they meant it: Slack escapes three characters and writes mentions and links as codes. */

function reading(code: string): string {
  const [what = '', shown] = code.split('|', 2)
  if (what.startsWith('@')) return shown === undefined ? what : `@${shown.replace(/^@/, '')}`
  if (what.startsWith('#')) return shown === undefined || shown === '' ? what : `#${shown}`
  if (what.startsWith('!')) return shown ?? `@${what.slice(1).split('^')[0] ?? ''}`
  const address = what.replace(/^mailto:/, '')
  return shown === undefined || shown === '' || shown === address ? address : `${shown} (${address})`
}

const unescape = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** Un-escaped, with mentions and links left readable: `<https://a.example|here>` becomes `here (https://a.example)`. */
export function readTyped(text: string): string {
  return unescape(text.replaceAll(/<((?:[@#!]|https?:|mailto:)[^<>]+)>/g, (_all, code: string) => reading(code)))
}
