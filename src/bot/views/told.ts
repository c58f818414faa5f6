import type { ModalView } from '@slack/types'
import type { MessageView } from './alert.ts'
import { toldSection, unlinked } from './agent-text.ts'
import { cut, LIMITS } from './text.ts'

/** An answer where no message can hold it: a click in Home has no channel to be answered in. */
export function answerModal(view: MessageView): ModalView {
  const blocks = view.blocks ?? [toldSection(cut(unlinked(view.text), LIMITS.sectionText))]
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'JADA Bot' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [...blocks],
  }
}
