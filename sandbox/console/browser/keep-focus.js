// @ts-check

/**
 * How to find an element again after it was drawn anew: by its id, or by what it does.
 *
 * @param {Element} element
 * @returns {string | null}
 */
function selectorOf(element) {
  if (!(element instanceof HTMLElement)) return null
  if (element.id !== '') return `#${CSS.escape(element.id)}`
  const { actionId, blockId, value, tool } = element.dataset
  if (actionId !== undefined) {
    const picked = element instanceof HTMLInputElement ? `[value="${CSS.escape(element.value)}"]` : ''
    const held = value === undefined || picked !== '' ? '' : `[data-value="${CSS.escape(value)}"]`
    return `[data-action-id="${CSS.escape(actionId)}"][data-block-id="${CSS.escape(blockId ?? '')}"]${picked}${held}`
  }
  if (tool !== undefined) return `[data-tool="${CSS.escape(tool)}"]`
  const item = element.tagName === 'SUMMARY' ? element.parentElement?.querySelector('[data-action-id]') : null
  const inside = item === null || item === undefined ? null : selectorOf(item)
  return inside === null ? null : `.sl-overflow:has(${inside}) > summary`
}

/**
 * Draws `root` anew and leaves the person where they were in it.
 *
 * @param {HTMLElement} root
 * @param {() => void} draw
 * @returns {boolean} Whether somebody was in it whose place is gone.
 */
export function keepFocus(root, draw) {
  const focused = document.activeElement
  if (focused === null || focused === root || !root.contains(focused)) {
    draw()
    return false
  }
  const selector = selectorOf(focused)
  const typing = focused instanceof HTMLTextAreaElement || (focused instanceof HTMLInputElement && /^(?:text|url)$/.test(focused.type))
  const range = typing ? /** @type {const} */ ([focused.selectionStart, focused.selectionEnd]) : null
  draw()
  const again = selector === null ? null : root.querySelector(selector)
  if (!(again instanceof HTMLElement)) return true
  again.focus({ preventScroll: true })
  if (range !== null && (again instanceof HTMLTextAreaElement || again instanceof HTMLInputElement)) again.setSelectionRange(...range)
  return document.activeElement !== again
}
