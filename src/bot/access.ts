/** Who may do what: operators everywhere; others only in the ops channel, and only read. */
export interface AccessRules {
  readonly operators: readonly string[]
  readonly opsChannel: string
}

export type Access = { readonly allowed: true } | { readonly allowed: false; readonly explanation: string }

export function checkAccess(rules: AccessRules, user: string, channel: string, acting: boolean): Access {
  if (rules.operators.includes(user)) return { allowed: true }
  const operators = rules.operators.map((id) => `<@${id}>`).join(', ')
  if (acting)
    return {
      allowed: false,
      explanation: `Only operators may do this: ${operators}. Ask one of them, or have yourself added to JADA_OPERATORS.`,
    }
  if (channel === rules.opsChannel) return { allowed: true }
  return { allowed: false, explanation: `I answer questions in <#${rules.opsChannel}>. Elsewhere I answer only operators.` }
}
