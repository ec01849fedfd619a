import type { FastifyReply, FastifyRequest } from 'fastify'

import { PasskeyRegistrationResponse, presentCreationOptions } from '#domain/factors/passkeys/passkey.schema.ts'
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  EMPTY_FORM,
  errorOf,
  type FormState,
  type Outcome,
  readForm,
  readJsonField,
  refusedForm,
} from '#foundation/web/pages/form.ts'
import { localeOf, redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import {
  newPasskeyForm,
  newPasskeySummary,
  PASSKEY_FIELD,
  PASSKEY_MODULES,
} from '#foundation/web/pages/passkey-form.ts'
import { isAfterLoss, lossBanner } from '../own-account/loss.pages.ts'
import { othersMayStay, reissueCookies, SIGN_OUT_OTHERS, signOutOthersField } from '../own-account/own-account.pages.ts'
import { showNewCodes } from '../recovery-codes/recovery-codes.pages.ts'
import { NEW_PASSKEY, PASSKEY_OPTIONS } from './own-passkeys.pages.ts'
import { PasskeyName } from './own-passkeys.schema.ts'
import { type AddedPasskey, addOwnPasskey, ownPasskeyOptions } from './own-passkeys.service.ts'

const PasskeyForm = Type.Object({ name: Type.Optional(PasskeyName), sign_out_others: Type.Optional(Type.String()) })
/** The fields that a refused form keeps. */
const KEPT = ['name', SIGN_OUT_OTHERS] as const

const config = { access: 'signed-in', authentication: 'recent', page: true, undocumented: true } as const

/** Adds a passkey; a user's first factor comes with recovery codes. */
export function newPasskeyPages(app: App): void {
  const submissions = new SubmitDeduplicator<Outcome<AddedPasskey>>(({ answer }) => answer !== undefined)
  app.get(NEW_PASSKEY, { config }, (request, reply) => showNewPasskey(request, reply, EMPTY_FORM))

  app.post(NEW_PASSKEY, { config }, async (request, reply) => {
    const { body } = request
    const ctx = signedIn(request.ctx)
    const form = readForm(PasskeyForm, body)
    if ('fieldErrors' in form) return showNewPasskey(request, reply, refusedForm(body, KEPT, form.fieldErrors))
    const response = readJsonField(PasskeyRegistrationResponse, body, PASSKEY_FIELD)
    if (response === undefined) {
      return showNewPasskey(request, reply, refusedForm(body, KEPT, new Refusal('passkey.refused')))
    }
    const { name, sign_out_others: wish } = form.value
    const submission = { browser: ctx.principal.session.id, body, typed: [JSON.stringify(response), wish ?? ''] }
    const { answer, refusal } = await submissions.answer(submission, ctx.now, () =>
      answerOf(addOwnPasskey(ctx, { response, name, signOutOthers: wish !== undefined })),
    )
    if (refusal) return showNewPasskey(request, reply, refusedForm(body, KEPT, refusal))
    await reissueCookies(request, reply, answer.token)
    const done = `/account/security?done=${answer.isAlone ? 'passkey-added-alone' : 'passkey-added'}`
    return answer.recoveryCodes.length === 0
      ? redirectWithFlash(reply, done)
      : showNewCodes(request, reply, answer.recoveryCodes, done)
  })
}

async function showNewPasskey(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { newPasskey, ways, title } = say.security
  const ctx = signedIn(request.ctx)
  const { answer: options, refusal = state.refusal } = await answerOf(ownPasskeyOptions(ctx))
  const mayStay = othersMayStay(ctx)
  const form =
    options &&
    newPasskeyForm(say, {
      action: NEW_PASSKEY,
      options: presentCreationOptions(options),
      publicUrl: ctx.config.publicUrl,
      name: state.values['name'],
      error: errorOf(say, state, 'name'),
      fields: formToken(request),
      choice: mayStay && signOutOthersField(say, state),
      cancel: linkButton('/account/security', say.words.cancel),
    })
  return sendPage(reply, {
    title: [newPasskey.title, title],
    ...(!canHavePasskeys(ctx.config) && { up: { href: '/account/security', label: title } }),
    notice: newPasskeySummary(say, { ...state, refusal }) ?? (await lossBanner(request, say)),
    refusal,
    modules: PASSKEY_MODULES,
    body: html`${
      canHavePasskeys(ctx.config)
        ? html`<p class="lead">
              ${newPasskey.lead} ${isAfterLoss(request) && newPasskey.thenRemove}
              ${!mayStay && say.security.signOutOthers.always}
            </p>
            ${form}`
        : html`<p>${ways.cannot}</p>`
    }`,
    api:
      canHavePasskeys(ctx.config) &&
      apiEquivalent(say, ctx.config, { method: 'POST', path: PASSKEY_OPTIONS, needsSession: true }),
  })
}
