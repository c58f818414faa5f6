// @ts-check

/** What Slack's client complains about before it sends a form: beside the field, in words. */

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/** @param {Element} block @returns {Field[]} */
const fieldsIn = (block) => [...block.querySelectorAll('input, select, textarea')].map((field) => /** @type {Field} */ (field))

/** @param {Field} field @returns {string | null} */
function complaintAt(field) {
  const { validity, value } = field
  if (validity.badInput) return 'Please enter it completely, or clear the field.'
  if (validity.valueMissing) return 'Please complete this required field.'
  if (validity.typeMismatch) return 'Please enter a full address, such as https://example.com.'
  const least = field instanceof HTMLSelectElement ? 0 : field.minLength
  return value !== '' && value.length < least ? `Please enter at least ${least} characters.` : null
}

/** Check boxes have no attribute that says it. @param {Element} block */
function isUnchecked(block) {
  const boxes = fieldsIn(block).filter(({ type }) => type === 'checkbox')
  const isOptional = block.querySelector('.sl-optional') !== null
  return boxes.length > 0 && !isOptional && boxes.every((box) => box instanceof HTMLInputElement && !box.checked)
}

/** @param {Element} block @param {string} text */
function complain(block, text) {
  const line = document.createElement('p')
  line.className = 'sl-error'
  line.id = `wrong-${fieldsIn(block)[0]?.dataset['blockId'] ?? ''}`
  line.dataset['local'] = ''
  line.textContent = text
  block.classList.add('sl-input-wrong')
  block.append(line)
  for (const field of fieldsIn(block)) {
    field.setAttribute('aria-invalid', 'true')
    field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') ?? ''} ${line.id}`.trim())
  }
}

/** Takes back what was said here about a field that is being changed. @param {EventTarget | null} target */
export function clearComplaint(target) {
  const block = target instanceof Element ? target.closest('.sl-input') : null
  const line = block?.querySelector('.sl-error[data-local]')
  if (block === null || line === null || line === undefined) return
  line.remove()
  if (block.querySelector('.sl-error') !== null) return
  block.classList.remove('sl-input-wrong')
  for (const field of fieldsIn(block)) {
    field.removeAttribute('aria-invalid')
    const others = (field.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id !== line.id)
    field.setAttribute('aria-describedby', others.join(' '))
  }
}

/** @param {Element} dialog */
export function focusWrong(dialog) {
  const first = dialog.querySelector('.sl-input-wrong :is(input, select, textarea)')
  if (first instanceof HTMLElement) first.focus()
}

/** Whether the form can be sent; otherwise it is said why, and the first wrong field gets the focus. @param {Element} dialog */
export function checkFields(dialog) {
  const blocks = [...dialog.querySelectorAll('.sl-input')]
  for (const block of blocks) clearComplaint(block)
  const wrong = blocks.flatMap((block) => {
    const text =
      fieldsIn(block)
        .map(complaintAt)
        .find((one) => one !== null) ?? (isUnchecked(block) ? 'Please complete this required field.' : null)
    return text === null ? [] : [{ block, text }]
  })
  for (const { block, text } of wrong) complain(block, text)
  if (wrong.length > 0) focusWrong(dialog)
  return wrong.length === 0
}
