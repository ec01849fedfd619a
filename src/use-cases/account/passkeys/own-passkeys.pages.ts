import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Secret } from '../../../foundation/kernel/secret.ts'
import { withoutTurns } from '../../../foundation/kernel/given-name.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { buttonRow, linkButton, submitButton, confirmDangerButton } from '../../../foundation/web/components/button.ts'
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
import { NEW_APP } from '../totp/apps-section.pages.ts'
import { isFactorRequired } from '../own-account/factor-removal.service.ts'
import { PasskeyParameters, PasskeyRename } from './own-passkeys.schema.ts'
import { readOwnPasskey, removeOwnPasskey, renameOwnPasskey } from './own-passkeys.service.ts'
import { NEW_PASSKEY, passkeyPath } from './passkeys-section.pages.ts'

const config = { access: 'signed-in', page: true, undocumented: true } as const
const sensitive = { ...config, authentication: 'recent' } as const
const schema = { params: PasskeyParameters }

type OfOnePasskey = FastifyRequest<{ Params: { id: string } }>

/** Renames a passkey, and removes one after a question. */
export function ownPasskeysPages(app: App): void {
  // A repeated submission would carry a session token that the first one has replaced.
  const submissions = new SubmitDeduplicator<Outcome<Secret>>(({ refusal }) => refusal === undefined)
  app.get('/account/security/passkeys/rename/:id', { config, schema }, (request, reply) =>
    showRename(request, reply, EMPTY_FORM),
  )

  app.post('/account/security/passkeys/rename/:id', { config, schema }, async (request, reply) => {
    const { ctx, body, params } = request
    const form = readForm(PasskeyRename, body)
    if ('faults' in form) return showRename(request, reply, refusedForm(body, ['name'], form.faults))
    await renameOwnPasskey(signedIn(ctx), { id: params.id, name: form.value.name })
    return redirectWithFlash(reply, '/account/security?done=renamed')
  })

  app.get('/account/security/passkeys/remove/:id', { config: sensitive, schema }, (request, reply) =>
    showRemoval(request, reply),
  )

  app.post('/account/security/passkeys/remove/:id', { config: sensitive, schema }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const { id } = request.params
    const submission = { browser: ctx.principal.session.id, body: request.body, typed: [id] }
    const { answer: token, refusal } = await submissions.answer(submission, ctx.now, () =>
      answerOf(removeOwnPasskey(ctx, id)),
    )
    // The page says why the last passkey cannot be removed and what to do instead.
    if (refusal?.code === 'passkey.last_one') return seeOther(reply, passkeyPath('remove', id))
    // A later submission of the same form finds the passkey removed already.
    if (refusal && refusal.code !== 'passkey.not_found') throw refusal
    if (token !== undefined) await reissueCookies(request, reply, token)
    return redirectWithFlash(reply, '/account/security?done=passkey-removed')
  })
}

async function showRename(request: OfOnePasskey, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { renamePasskey, passkeys, title, back } = say.security
  const { id, name } = await readOwnPasskey(signedIn(request.ctx), request.params.id)
  const field = textField({
    id: 'name',
    label: passkeys.name,
    hint: say.enrolment.passkeyNameHint,
    value: state.refusal ? state.values['name'] : name,
    error: soleError(say, state, 'name'),
    autocomplete: 'off',
    autofocus: true,
    required: true,
  })
  const api = { method: 'PATCH', path: `/users/me/passkeys/${id}`, body: { name } } as const
  return sendPage(reply, {
    title: [renamePasskey.title(withoutTurns(name)), title],
    heading: withNames(renamePasskey.title, name),
    frame: 'account',
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    body: html`<form method="post" action="${passkeyPath('rename', id)}">
        ${formToken(request)} ${field} ${submitButton(say.words.save)}
      </form>
      <p><a href="/account/security">${back}</a></p>
      ${apiEquivalent(say, request.ctx.config, api)}`,
  })
}

async function showRemoval(request: OfOnePasskey, reply: FastifyReply): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { removePasskey, title, back } = say.security
  const ctx = signedIn(request.ctx)
  const { id, name } = await readOwnPasskey(ctx, request.params.id)
  const question = html`<p>${removePasskey.question}</p>
    <form method="post" action="${passkeyPath('remove', id)}">
      ${formToken(request)}
      ${buttonRow(confirmDangerButton(removePasskey.submit), linkButton('/account/security', removePasskey.cancel))}
    </form>
    ${apiEquivalent(say, ctx.config, { method: 'DELETE', path: `/users/me/passkeys/${id}` })}`
  const instead = html`<p>${removePasskey.lastOne}</p>
    ${buttonRow(linkButton(NEW_PASSKEY, removePasskey.addPasskey), linkButton(NEW_APP, removePasskey.addApp))}
    <p><a href="/account/security">${back}</a></p>`
  return sendPage(reply, {
    title: [removePasskey.title(withoutTurns(name)), title],
    heading: withNames(removePasskey.title, name),
    frame: 'account',
    body: (await isFactorRequired(ctx, 'passkey')) ? instead : question,
  })
}
