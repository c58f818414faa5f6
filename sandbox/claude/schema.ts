import { isFields } from './request/fields.ts'

const isOfType = (type: unknown, value: unknown): boolean => {
  switch (type) {
    case 'string':
    case 'boolean':
      return typeof value === type
    case 'number':
      return typeof value === 'number'
    case 'integer':
      return Number.isInteger(value)
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isFields(value)
    default:
      return type === undefined
  }
}

/** Whether a value fits a JSON schema, as far as tools use them: types, choices, required and unknown fields, items, alternatives. */
export function fitsSchema(schema: unknown, value: unknown): boolean {
  if (!isFields(schema)) return schema !== false
  const { type, enum: choices, properties, required, additionalProperties, items, anyOf } = schema
  if (type !== undefined && ![type].flat().some((one) => isOfType(one, value))) return false
  if (Array.isArray(choices) && !choices.includes(value)) return false
  if (Array.isArray(anyOf) && !anyOf.some((one) => fitsSchema(one, value))) return false
  if (Array.isArray(value)) return value.every((one) => fitsSchema(items ?? true, one))
  if (!isFields(value)) return true
  const known = isFields(properties) ? properties : {}
  if (Array.isArray(required) && !required.every((name) => value[String(name)] !== undefined)) return false
  return Object.entries(value).every(([name, one]) =>
    fitsSchema(Object.hasOwn(known, name) ? known[name] : (additionalProperties ?? true), one),
  )
}
