import { accountMethods } from './methods/account.ts'
import { chatMethods } from './methods/chat.ts'
import { type Context, failure, type Method } from './methods/context.ts'
import { conversationMethods } from './methods/conversations.ts'
import { scheduleMethods } from './methods/schedule.ts'
import { viewMethods } from './methods/views.ts'
import type { ApiRequest } from './request.ts'
import type { ApiAnswer } from './types.ts'

export interface WebApi {
  call(name: string, request: ApiRequest): ApiAnswer
  revoke(yes: boolean): void
}

const methods = new Map<string, Method>(
  Object.entries({
    ...accountMethods,
    ...chatMethods,
    ...scheduleMethods,
    ...conversationMethods,
    ...viewMethods,
  }),
)

/** Which token came, and whether this method takes it. */
function checkToken(context: Context, method: Method, token: string | undefined, revoked: boolean): string | undefined {
  const { botToken, appToken } = context.workspace.settings
  if (token === undefined) return 'not_authed'
  const isApp = appToken !== undefined && token === appToken
  if (!isApp && token !== botToken) return 'invalid_auth'
  if (isApp !== (method.token === 'app')) return 'not_allowed_token_type'
  return !isApp && revoked ? 'token_revoked' : undefined
}

export function createWebApi(context: Context): WebApi {
  const { scopes } = context.workspace.settings
  let revoked = false
  return {
    revoke(yes) {
      revoked = yes
    },
    call(name, { args, token }) {
      const method = methods.get(name)
      if (!method) return failure('unknown_method', { req_method: name })
      const refusal = checkToken(context, method, token, revoked)
      if (refusal) return failure(refusal)
      const needed = typeof method.scope === 'function' ? method.scope(args, context) : method.scope
      if (needed !== undefined && !scopes.includes(needed)) {
        return failure('missing_scope', { needed, provided: scopes.join(',') })
      }
      return method.run(args, context)
    },
  }
}
