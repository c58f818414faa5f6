const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Longer than this, a pause would be forgotten. */
const LONGEST_MS = 90 * 86_400_000

/** Reads `30m`, `2h`, `1d` and the same with `min`, `hours` or `days`. Null: no such length, or longer than 90 days. */
export function readDuration(text: string): number | null {
  const [, amount, unit] =
    /^(\d{1,5}) ?(?:(m)(?:in|ins|inutes?)?|(h)(?:ours?)?|(d)(?:ays?)?)$/.exec(text)?.filter((part) => part !== undefined) ?? []
  const ms = Number(amount ?? 0) * (UNIT_MS[unit ?? ''] ?? 0)
  return ms > 0 && ms <= LONGEST_MS ? ms : null
}
