import type { FastifyReply, FastifyRequest } from 'fastify'
import { redirectWithFlash } from '../../web/done.ts'
import { Type } from '../../web/type.ts'

import { PasskeyRegistrationResponse, presentCreationOptions } from '../../factors/passkeys/passkey.schema.ts'
import { canHavePasskeys } from '../../factors/passkeys/relying-party.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { signedIn } from '../../web/access.ts'
import type { App } from '../../web/app.ts'
import { newPasskeyForm, newPasskeySummary } from '../../web/components/new-passkey-form.ts'
import { PASSKEY_FIELD, PASSKEY_MODULES } from '../../web/components/passkey-form.ts'
import { apiEquivalent } from '../../web/components/same-with-the-api.ts'
import { answerOf, EMPTY_FORM, errorOf, readForm, refusedForm } from '../../web/form.ts'
import type { FormState, Outcome } from '../../web/form.ts'
import { formToken } from '../../web/form-token.ts'
import { html } from '../../web/html.ts'
import { readJsonField } from '../../web/json-field.ts'
import { SubmitDeduplicator } from '../../web/once-pressed.ts'
import { localeOf, sendPage } from '../../web/page.ts'
import { texts } from '../../web/texts.ts'
import { staysSignedIn } from '../known-here.pages.ts'
import { PasskeyName } from './own-passkeys.schema.ts'
import { addOwnPasskey, ownPasskeyOptions } from './own-passkeys.service.ts'
import type { AddedPasskey } from './own-passkeys.service.ts'
import { NEW_PASSKEY, PASSKEY_OPTIONS } from './passkeys-section.pages.ts'
import { showNewCodes } from './recovery-codes.pages.ts'

const NameForm = Type.Object({ name: Type.Optional(PasskeyName) })

const config = { access: 'signed-in', authentication: 'recent', page: true, undocumented: true } as const

/** Adding a passkey; with somebody's first factor come recovery codes. */
export function newPasskeyPages(app: App): void {
  const presses = new SubmitDeduplicator<Outcome<AddedPasskey>>(({ answer }) => answer !== undefined)
  app.get(NEW_PASSKEY, { config }, (request, reply) => showNewPasskey(request, reply, EMPTY_FORM))

  app.post(NEW_PASSKEY, { config }, async (request, reply) => {
    const { body } = request
    const ctx = signedIn(request.ctx)
    const form = readForm(NameForm, body)
    if ('faults' in form) return showNewPasskey(request, reply, refusedForm(body, ['name'], form.faults))
    const response = readJsonField(PasskeyRegistrationResponse, body, PASSKEY_FIELD)
    if (response === undefined) {
      return showNewPasskey(request, reply, refusedForm(body, ['name'], new Refusal('passkey.refused')))
    }
    const pressed = { browser: ctx.principal.session.id, body, typed: [JSON.stringify(response)] }
    const { answer, refusal } = await presses.answer(pressed, ctx.now, () =>
      answerOf(addOwnPasskey(ctx, { response, name: form.value.name })),
    )
    if (refusal) return showNewPasskey(request, reply, refusedForm(body, ['name'], refusal))
    await staysSignedIn(request, reply, answer.token)
    const done = '/account/security?done=passkey-added'
    return answer.recoveryCodes.length === 0
      ? redirectWithFlash(reply, done)
      : showNewCodes(request, reply, { codes: answer.recoveryCodes, next: done })
  })
}

async function showNewPasskey(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { newPasskey, passkeys, title, back } = say.security
  const ctx = signedIn(request.ctx)
  const { answer: options, refusal = state.refusal } = await answerOf(ownPasskeyOptions(ctx))
  const form =
    options &&
    newPasskeyForm(say, {
      action: NEW_PASSKEY,
      options: presentCreationOptions(options),
      publicUrl: ctx.config.publicUrl,
      name: state.values['name'],
      error: errorOf(say, state, 'name'),
      fields: formToken(request),
    })
  return sendPage(reply, {
    title: [newPasskey.title, title],
    frame: 'account',
    notice: newPasskeySummary(say, { ...state, refusal }),
    refusal,
    failed: refusal !== undefined,
    modules: PASSKEY_MODULES,
    body: html`${
        canHavePasskeys(ctx.config)
          ? html`<p class="lead">${newPasskey.lead}</p>
              ${form}`
          : html`<p>${passkeys.cannot}</p>`
      }
      <p><a href="/account/security">${back}</a></p>
      ${canHavePasskeys(ctx.config) && apiEquivalent(say, ctx.config, { method: 'POST', path: PASSKEY_OPTIONS })}`,
  })
}
