import type { FastifyReply, FastifyRequest } from 'fastify'

import type { IssuedApiToken } from '#domain/api-tokens/api-token.service.ts'
import { OFFERED_SCOPES, scopesFor } from '#domain/api-tokens/api-token.ts'
import { hostsWithTokens } from '#domain/hosts/host.service.ts'
import type { PrincipalUser, Scope } from '#foundation/kernel/principal.ts'
import { days } from '#foundation/kernel/time.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { submitButton, buttonRow, linkButton } from '#foundation/web/components/button.ts'
import { checkboxGroup, optionField, selectField } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { choice } from '#foundation/web/http/schema.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  EMPTY_FORM,
  errorOf,
  type FormState,
  formSummary,
  type Outcome,
  readForm,
  refusedForm,
  typedField,
} from '#foundation/web/pages/form.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { NEW_TOKEN } from './own-tokens.pages.ts'
import { makeOwnToken } from './own-tokens.service.ts'
import { showToken } from './shown-token.pages.ts'

const EXPIRY_DAYS = ['30', '90', '365'] as const
const STANDARD_DAYS = '90'
const SCOPES_FIELD = { id: 'scopes' } as const

/** The name has no constraint here: `issueApiToken` validates it with the other fields and returns all errors together. */
const TokenForm = Type.Object({
  name: Type.String(),
  expires_in_days: Type.Optional(choice(EXPIRY_DAYS)),
  host: Type.Optional(Type.String()),
})

const KEPT = ['name', 'expires_in_days', 'host']

const config = { access: 'signed-in', authentication: 'recent', page: true, undocumented: true } as const

/** Makes an API token, which the answer to the form shows once. */
export function newTokenPages(app: App): void {
  // A repeated submission would make a second token, and the answer with the first would be lost.
  const submissions = new SubmitDeduplicator<Outcome<IssuedApiToken>>(({ refusal }) => refusal === undefined)
  app.get(NEW_TOKEN, { config }, (request, reply) => showForm(request, reply, EMPTY_FORM))

  app.post(NEW_TOKEN, { config }, async (request, reply) => {
    const { body } = request
    const ctx = signedIn(request.ctx)
    const form = readForm(TokenForm, body)
    if ('fieldErrors' in form) return showForm(request, reply, refusedForm(body, KEPT, form.fieldErrors))
    const { name, expires_in_days: inDays = STANDARD_DAYS, host } = form.value
    // What was chosen for the API before means nothing at a host.
    const scopes = host === undefined ? chosenScopes(request) : []
    const wanted = { name, scopes, host, expiresAt: ctx.now + days(Number(inDays)) }
    const submission = { browser: ctx.principal.session.id, body, typed: [name, inDays, host ?? '', ...wanted.scopes] }
    const { answer, refusal } = await submissions.answer(submission, ctx.now, () => answerOf(makeOwnToken(ctx, wanted)))
    if (refusal) return showForm(request, reply, refusedForm(body, KEPT, refusal))
    return showToken(request, reply, answer)
  })
}

/** The selected scopes, of the offered ones. */
function chosenScopes({ ctx, body }: Pick<FastifyRequest, 'ctx' | 'body'>): readonly Scope[] {
  const fields: object = typeof body === 'object' && body !== null ? body : {}
  return offeredScopes(signedIn(ctx).principal.user).filter((scope) =>
    Object.hasOwn(fields, optionField(SCOPES_FIELD, scope)),
  )
}

async function showForm(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { newToken } = say.tokens
  const body = { name: 'Nightly report', scopes: ['self:read'], expires_in_days: Number(STANDARD_DAYS) }
  return sendPage(reply, {
    title: [newToken.title, say.security.title],
    notice: formSummary(say, state, {
      name: { id: 'name', label: newToken.name },
      host: { id: 'host', label: newToken.host },
      scopes: SCOPES_FIELD.id,
      expires_in_days: { id: 'expires_in_days', label: newToken.expiry },
    }),
    refusal: state.refusal,
    body: html`<p class="lead">${newToken.lead}</p>
      ${newTokenForm(say, state, { request, hosts: await hostsWithTokens(request.ctx) })}`,
    api: apiEquivalent(say, request.ctx.config, {
      method: 'POST',
      path: '/users/me/tokens',
      body,
      needsSession: true,
    }),
  })
}

export function offeredScopes(user: PrincipalUser): readonly Scope[] {
  return scopesFor(user).filter((scope) => OFFERED_SCOPES.includes(scope))
}

interface ShownForm {
  readonly request: FastifyRequest
  /** The protected hosts that take tokens. */
  readonly hosts: readonly { readonly name: string }[]
}

function newTokenForm(say: Texts, state: FormState, { request, hosts }: ShownForm): Html {
  const { newToken, scopes } = say.tokens
  const offered = offeredScopes(signedIn(request.ctx).principal.user)
  return html`<form method="post" action="${NEW_TOKEN}">
    ${formToken(request)}
    ${textField({
      ...typedField(say, state, 'name'),
      label: newToken.name,
      hint: newToken.nameHint,
      autocomplete: 'off',
      required: true,
      autofocus: state.refusal === undefined,
    })}
    ${
      hosts.length > 0 &&
      selectField({
        ...typedField(say, state, 'host'),
        label: newToken.host,
        hint: newToken.hostHint,
        options: [{ value: '', label: newToken.api }, ...hosts.map(({ name }) => ({ value: name, label: name }))],
      })
    }
    ${checkboxGroup({
      ...SCOPES_FIELD,
      label: newToken.scopes,
      hint: newToken.scopesHint,
      error: errorOf(say, state, 'scopes'),
      values: chosenScopes(request),
      options: offered.map((value) => ({ value, label: scopes[value].name, hint: scopes[value].hint })),
    })}
    ${selectField({
      ...typedField(say, state, 'expires_in_days', STANDARD_DAYS),
      label: newToken.expiry,
      hint: newToken.expiryHint,
      options: EXPIRY_DAYS.map((value) => ({ value, label: newToken.days(Number(value)) })),
    })}
    ${buttonRow(submitButton(newToken.submit), linkButton('/account/security', say.words.cancel))}
  </form>`
}
