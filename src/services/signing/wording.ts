/** Sentences that a guest agrees to: they are kept with the signature, word for word. */

export const CONSENT = 'I have read this agreement, I agree to it, and I sign it electronically.'
export const TYPED_COUNTS = 'My typed name counts as my signature.'
