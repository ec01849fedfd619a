import type { FastifyReply, FastifyRequest } from 'fastify'
import { redirectWithFlash, localeOf, seeOther, sendPage } from '../../../foundation/web/pages/page.ts'
import { Type } from '../../../foundation/web/http/type.ts'

import { withoutTurns } from '../../../foundation/kernel/given-name.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { banner } from '../../../foundation/web/components/status.ts'
import { withNames } from '../../../foundation/web/components/person-name.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm } from '../../../foundation/web/pages/form.ts'
import type { FormState, Outcome } from '../../../foundation/web/pages/form.ts'
import { formToken } from '../../../foundation/web/http/form-token.ts'
import { html } from '../../../foundation/web/html.ts'
import { SubmitDeduplicator } from '../../../foundation/web/http/submit-deduplicator.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import { reissueCookies } from '../own-account/device-cookie.pages.ts'
import { appName, appPath, NEW_APP } from './apps-section.pages.ts'
import { APP_MODULES, newAppForm, newAppSummary } from './new-app-form.pages.ts'
import { AppName, AppParameters } from './own-apps.schema.ts'
import { confirmOwnTotp, resumeOwnTotp, readOwnTotp } from './own-apps.service.ts'
import { listTotp } from '../../../domain/factors/totp/totp.service.ts'
import type { ConfirmedApp } from './own-apps.service.ts'
import { showNewCodes } from '../recovery-codes/recovery-codes.pages.ts'

const NewAppForm = Type.Object({
  id: Type.Optional(Type.String({ maxLength: 64 })),
  code: Type.String(),
  name: Type.Optional(AppName),
})

const config = { access: 'signed-in', authentication: 'recent', page: true, undocumented: true } as const
const schema = { params: AppParameters }

/** Adds or replaces an authenticator app; a replaced app stays valid until the new one is confirmed. */
export function newAppPages(app: App): void {
  // Recovery codes are shown once, so a repeated submission gets the first answer again.
  const submissions: Submissions = new SubmitDeduplicator(({ answer }) => answer !== undefined)
  app.get(NEW_APP, { config }, (request, reply) => showNewApp(request, reply, { state: EMPTY_FORM }))
  app.post(NEW_APP, { config }, (request, reply) => confirm(request, reply, { submissions }))

  app.get('/account/security/app/replace/:id', { config, schema }, (request, reply) =>
    showNewApp(request, reply, { state: EMPTY_FORM, replaces: request.params.id }),
  )
  app.post('/account/security/app/replace/:id', { config, schema }, (request, reply) =>
    confirm(request, reply, { submissions, replaces: request.params.id }),
  )
}

type Submissions = SubmitDeduplicator<Outcome<ConfirmedApp>>

async function confirm(
  request: FastifyRequest,
  reply: FastifyReply,
  { submissions, replaces }: { readonly submissions: Submissions; readonly replaces?: string },
): Promise<FastifyReply> {
  const { body } = request
  const ctx = signedIn(request.ctx)
  const done = `/account/security?done=${replaces === undefined ? 'added' : 'replaced'}`
  const form = readForm(NewAppForm, body)
  if ('faults' in form) return showNewApp(request, reply, { state: refusedForm(body, ['name'], form.faults), replaces })
  const { id = '', code, name } = form.value
  const submission = { browser: ctx.principal.session.id, body, typed: [id, code] }
  const { answer, refusal } = await submissions.answer(submission, ctx.now, () =>
    answerOf(confirmOwnTotp(ctx, { id, code, name })),
  )
  if (refusal === undefined) {
    await reissueCookies(request, reply, answer.token)
    return answer.recoveryCodes.length === 0
      ? redirectWithFlash(reply, done)
      : showNewCodes(request, reply, { codes: answer.recoveryCodes, next: done })
  }
  if (refusal.code !== 'totp.not_found') {
    return showNewApp(request, reply, { state: refusedForm(body, ['name'], refusal), replaces })
  }
  // A repeated submission: the first one confirmed the app.
  const apps = await listTotp(ctx, ctx.principal.user.subject)
  if (apps.some((known) => known.id === id && known.confirmedAt !== null)) return redirectWithFlash(reply, done)
  return seeOther(reply, `${replaces === undefined ? NEW_APP : appPath('replace', replaces)}?over`)
}

interface Shown {
  readonly state: FormState
  readonly replaces?: string | undefined
}

/** Shows the setup key; a reload shows the same key until it expires. */
async function showNewApp(
  request: FastifyRequest,
  reply: FastifyReply,
  { state, replaces }: Shown,
): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { newApp: words, title } = say.security
  const ctx = signedIn(request.ctx)
  const old = replaces === undefined ? undefined : await readOwnTotp(ctx, replaces)
  const begun = await resumeOwnTotp(ctx, { replaces })
  const isOver = typeof request.query === 'object' && request.query !== null && 'over' in request.query
  const api = { method: 'POST', path: '/users/me/totp', body: replaces === undefined ? {} : { replaces } } as const
  return sendPage(reply, {
    title: [old === undefined ? words.addTitle : words.replaceTitle(withoutTurns(appName(say, old))), title],
    heading: old && withNames(words.replaceTitle, appName(say, old)),
    frame: 'account',
    notice: newAppSummary(say, state) ?? (isOver ? banner('warn', words.elsewhere) : undefined),
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    modules: APP_MODULES,
    body: html`<p class="lead">${old === undefined ? words.addLead : words.replaceLead}</p>
      ${newAppForm(say, state, {
        ...begun,
        name: old && old.name,
        action: old === undefined ? NEW_APP : appPath('replace', old.id),
        submit: old === undefined ? words.turnOn : words.replaceIt,
        formToken: formToken(request),
      })}`,
    foot: html`<p><a href="/account/security">${say.security.back}</a></p>
      ${apiEquivalent(say, ctx.config, api)}`,
  })
}
