import type { FailureClass } from '../../services/google/failure.ts'
import type { ModelFailure } from '../../services/model/model.ts'
import { cut, escape } from './text.ts'

/** What each class of failure means, in words that may stand anywhere in a sentence. */
const WORDS: Readonly<Record<FailureClass | ModelFailure['class'], string>> = {
  'reauth-required': 'Google refuses our token',
  configuration: 'Google refuses our settings',
  data: 'the sheet is not as expected',
  'rate-limited': 'Google asks us to slow down',
  server: 'Google has trouble of its own',
  network: 'Google could not be reached',
  unknown: 'something unexpected happened',
  'not-connected': 'Google is not connected yet',
  'stale-access-token': 'Google refuses our access',
  'refused-us': 'Claude refuses our requests',
  busy: 'Claude has too much to do',
  unreachable: 'Claude could not be reached',
  'our-request': 'Claude does not take what we sent',
  aborted: 'the call to Claude was cut off',
}

const LONGEST_CODE = 200

interface Failed {
  readonly class: string
  readonly code: string | null
  readonly status?: number | null
}

/** Plain words first, the code for whoever looks it up in brackets: `Google refuses our token (invalid_grant, HTTP 400)`. Plain text. */
export function failureWords({ class: kind, code, status = null }: Failed): string {
  const words = Object.hasOwn(WORDS, kind) ? WORDS[kind as keyof typeof WORDS] : cut(kind, LONGEST_CODE)
  // A code that only repeats the status says nothing.
  const named = code === null || code === `http-${status ?? ''}` ? [] : [cut(code, LONGEST_CODE)]
  const codes = [...named, ...(status === null ? [] : [`HTTP ${status}`])]
  return codes.length === 0 ? words : `${words} (${codes.join(', ')})`
}

/** The same as Slack takes it. */
export const failureText = (failed: Failed): string => escape(failureWords(failed))

/** The summary of a sync that was blocked, which is `class (code)`. */
export function blockedText(summary: string | null): string {
  const [, kind, code] = /^([a-z-]+) \((.+)\)$/s.exec(summary ?? '') ?? []
  if (kind === undefined || code === undefined) return escape(summary ?? 'no reason known')
  return failureText({ class: kind, code })
}
