import { text } from '../request.ts'
import type { ApiAnswer, Fields, OpenModal, View } from '../types.ts'
import { buildView, openModal, publishHome, replaceModal, type ViewResult } from '../views.ts'
import { type Context, failure, type Method, missingField } from './context.ts'

function readView(args: Fields, context: Context, type: 'modal' | 'home'): ViewResult {
  const view = args['view']
  if (view === undefined) return { ok: false, answer: missingField('view') }
  return buildView(context.workspace, view, type)
}

const done = (view: View): ApiAnswer => ({ ok: true, view: structuredClone(view) })

const hasTrigger = (args: Fields) => text(args, 'trigger_id') !== undefined

/** Opens a modal for the person whose trigger it is; a refused view does not use the trigger up. */
function openWith(args: Fields, context: Context, mode: 'open' | 'push'): ApiAnswer {
  if (!hasTrigger(args)) return missingField('trigger_id')
  const result = readView(args, context, 'modal')
  if (!result.ok) return result.answer
  const trigger = context.triggers.redeem(text(args, 'trigger_id'))
  if (!trigger.ok) return failure(trigger.error)
  const opened = openModal(context.workspace, trigger.user, result.view, mode)
  return opened.ok ? done(opened.modal.view) : failure(opened.error)
}

function findModal(args: Fields, context: Context): OpenModal | undefined {
  const id = text(args, 'view_id')
  const external = text(args, 'external_id')
  return context.workspace.modals.find((one) =>
    id === undefined ? external !== undefined && one.view.external_id === external : one.viewId === id,
  )
}

const update: Method = {
  run(args, context) {
    if (!text(args, 'view_id') && !text(args, 'external_id')) return missingField('view_id')
    const modal = findModal(args, context)
    if (!modal) return failure('not_found')
    const hash = text(args, 'hash')
    if (hash !== undefined && hash !== modal.view.hash) return failure('hash_conflict')
    const result = readView(args, context, 'modal')
    if (!result.ok) return result.answer
    replaceModal(context.workspace, modal, result.view)
    return done(modal.view)
  },
}

const publish: Method = {
  run(args, context) {
    const user = text(args, 'user_id')
    if (user === undefined) return missingField('user_id')
    if (!context.workspace.user(user)) return failure('user_not_found')
    if (!context.workspace.settings.appHome.home_tab_enabled) return failure('not_enabled')
    const hash = text(args, 'hash')
    const shown = context.workspace.homes.get(user)
    if (hash !== undefined && shown && hash !== shown.hash) return failure('hash_conflict')
    const result = readView(args, context, 'home')
    if (!result.ok) return result.answer
    return done(publishHome(context.workspace, user, result.view))
  },
}

export const viewMethods: Record<string, Method> = {
  'views.open': { run: (args, context) => openWith(args, context, 'open') },
  'views.push': { run: (args, context) => openWith(args, context, 'push') },
  'views.update': update,
  'views.publish': publish,
}
