import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Secret } from '../../../foundation/kernel/secret.ts'
import { withoutTurns } from '../../../foundation/kernel/given-name.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import {
  buttonRow,
  linkButton,
  primaryLink,
  submitButton,
  confirmDangerButton,
} from '../../../foundation/web/components/button.ts'
import { textField } from '../../../foundation/web/components/field.ts'
import { withNames } from '../../../foundation/web/components/person-name.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { redirectWithFlash, localeOf, seeOther, sendPage } from '../../../foundation/web/pages/page.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm, soleError } from '../../../foundation/web/pages/form.ts'
import type { FormState, Outcome } from '../../../foundation/web/pages/form.ts'
import { formToken } from '../../../foundation/web/http/form-token.ts'
import { html } from '../../../foundation/web/html.ts'
import { SubmitDeduplicator } from '../../../foundation/web/http/submit-deduplicator.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import { reissueCookies } from '../own-account/device-cookie.pages.ts'
import { appName, appPath } from './apps-section.pages.ts'
import { isFactorRequired } from '../own-account/factor-removal.service.ts'
import { AppParameters, AppRename } from './own-apps.schema.ts'
import { readOwnTotp, removeOwnTotp, renameOwnTotp } from './own-apps.service.ts'

const config = { access: 'signed-in', page: true, undocumented: true } as const
const sensitive = { ...config, authentication: 'recent' } as const
const schema = { params: AppParameters }

type OfOneApp = FastifyRequest<{ Params: { id: string } }>

/** Renames an authenticator app, and removes one after a question. */
export function ownFactorsPages(app: App): void {
  // A repeated submission would carry a session token that the first one has replaced.
  const submissions = new SubmitDeduplicator<Outcome<Secret | undefined>>(({ refusal }) => refusal === undefined)
  app.get('/account/security/app/rename/:id', { config, schema }, (request, reply) =>
    showRename(request, reply, EMPTY_FORM),
  )

  app.post('/account/security/app/rename/:id', { config, schema }, async (request, reply) => {
    const { ctx, body, params } = request
    const form = readForm(AppRename, body)
    if ('faults' in form) return showRename(request, reply, refusedForm(body, ['name'], form.faults))
    await renameOwnTotp(signedIn(ctx), { id: params.id, name: form.value.name })
    return redirectWithFlash(reply, '/account/security?done=renamed')
  })

  app.get('/account/security/app/remove/:id', { config: sensitive, schema }, (request, reply) =>
    showRemoval(request, reply),
  )

  app.post('/account/security/app/remove/:id', { config: sensitive, schema }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const { id } = request.params
    const submission = { browser: ctx.principal.session.id, body: request.body, typed: [id] }
    const { answer: token, refusal } = await submissions.answer(submission, ctx.now, () =>
      answerOf(removeOwnTotp(ctx, id)),
    )
    // The page says why the last app cannot be removed and what to do instead.
    if (refusal?.code === 'totp.last_one') return seeOther(reply, appPath('remove', id))
    // A later submission of the same form finds the app removed already.
    if (refusal && refusal.code !== 'totp.not_found') throw refusal
    if (token !== undefined) await reissueCookies(request, reply, token)
    return redirectWithFlash(reply, '/account/security?done=removed')
  })
}

async function showRename(request: OfOneApp, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { renameApp } = say.security
  const app = await readOwnTotp(signedIn(request.ctx), request.params.id)
  const name = appName(say, app)
  const field = textField({
    id: 'name',
    label: renameApp.name,
    hint: say.security.newApp.nameHint,
    value: state.refusal ? state.values['name'] : name,
    error: soleError(say, state, 'name'),
    autocomplete: 'off',
    autofocus: true,
    required: true,
  })
  const api = { method: 'PATCH', path: `/users/me/totp/${app.id}`, body: { name } } as const
  return sendPage(reply, {
    title: [renameApp.title(withoutTurns(name)), say.security.title],
    heading: withNames(renameApp.title, name),
    frame: 'account',
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    body: html`<form method="post" action="${appPath('rename', app.id)}">
        ${formToken(request)} ${field} ${submitButton(say.words.save)}
      </form>
      <p><a href="/account/security">${say.security.back}</a></p>
      ${apiEquivalent(say, request.ctx.config, api)}`,
  })
}

async function showRemoval(request: OfOneApp, reply: FastifyReply): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { removeApp } = say.security
  const ctx = signedIn(request.ctx)
  const app = await readOwnTotp(ctx, request.params.id)
  const name = appName(say, app)
  const isLast = app.confirmedAt !== null && (await isFactorRequired(ctx, 'app'))
  const question = html`<p>${removeApp.question}</p>
    <form method="post" action="${appPath('remove', app.id)}">
      ${formToken(request)}
      ${buttonRow(confirmDangerButton(removeApp.submit), linkButton('/account/security', removeApp.cancel))}
    </form>
    ${apiEquivalent(say, ctx.config, { method: 'DELETE', path: `/users/me/totp/${app.id}` })}`
  const instead = html`<p>${removeApp.lastOne}</p>
    <p>${primaryLink(appPath('replace', app.id), removeApp.replaceInstead)}</p>
    <p><a href="/account/security">${say.security.back}</a></p>`
  return sendPage(reply, {
    title: [removeApp.title(withoutTurns(name)), say.security.title],
    heading: withNames(removeApp.title, name),
    frame: 'account',
    body: isLast ? instead : question,
  })
}
