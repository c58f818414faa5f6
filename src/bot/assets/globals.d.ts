import type Pad from 'signature_pad'

declare global {
  /** `signature_pad` as its one-file build puts it there. */
  const SignaturePad: typeof Pad
}
