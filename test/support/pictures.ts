/** `npm run gallery` takes pictures; the ordinary tests look at the same states without the time that takes. */
const TAKES_PICTURES = process.env['GALLERY'] !== undefined

interface Options {
  readonly fullPage?: boolean
  readonly animations?: 'disabled'
}

/** A page, or a part of one. */
interface Shown {
  screenshot(options: { path: string; animations?: 'disabled'; fullPage?: boolean }): Promise<unknown>
}

export async function picture(of: Shown, path: string, options: Options = {}): Promise<void> {
  if (TAKES_PICTURES) await of.screenshot({ path, ...options })
}
