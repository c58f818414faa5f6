/** The sections of the runbook (Markdown) by their names, without their headings. Pure. */
export function runbookSections(markdown: string): ReadonlyMap<string, string> {
  const parts = markdown.split(/^## /m).slice(1)
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n')
      return end < 0 ? [part.trim(), ''] : [part.slice(0, end).trim(), part.slice(end + 1).trim()]
    }),
  )
}

/** A section's name as the end of an address; of the sections about kinds of incidents it is the name itself. */
export const runbookAnchor = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
