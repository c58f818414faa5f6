interface When {
  readonly now: number
  readonly timeZone?: string | undefined
}

const DAY_MS = 86_400_000

/** `today`, `yesterday`, `tomorrow`, or nothing. */
function nearDay(at: number, { now, timeZone }: When): string | undefined {
  const day = (time: number): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(time)
  if (day(at) === day(now)) return 'today'
  if (day(at) === day(now - DAY_MS)) return 'yesterday'
  return day(at) === day(now + DAY_MS) ? 'tomorrow' : undefined
}

const DATES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
}

function token(name: string, at: number, when: When): string | undefined {
  const near = name.endsWith('_pretty') ? nearDay(at, when) : undefined
  if (near !== undefined) return near
  if (name === 'date_num') return new Intl.DateTimeFormat('en-CA', { timeZone: when.timeZone }).format(at)
  const options = DATES[name.replace(/_pretty$/, '')]
  return options === undefined ? undefined : new Intl.DateTimeFormat('en-US', { ...options, timeZone: when.timeZone }).format(at)
}

/** A moment in a format of Slack's `<!date^...>`; undefined when it holds something else, so that the fallback is shown. */
export function formatDate(at: number, format: string, when: When): string | undefined {
  let isKnown = true
  const text = format.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const found = token(name, at, when)
    if (found === undefined) isKnown = false
    return found ?? ''
  })
  return isKnown ? text : undefined
}
