import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from '../../../foundation/web/http/type.ts'
import type { IssuedApiToken } from '../../../domain/api-tokens/api-token.service.ts'
import type { Scope, PrincipalUser } from '../../../foundation/kernel/principal.ts'
import { days } from '../../../foundation/kernel/time.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { optionField } from '../../../foundation/web/components/choice.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { answerOf, EMPTY_FORM, formSummary, readForm, refusedForm } from '../../../foundation/web/pages/form.ts'
import type { FormState, Outcome } from '../../../foundation/web/pages/form.ts'
import { formToken } from '../../../foundation/web/http/form-token.ts'
import { html } from '../../../foundation/web/html.ts'
import { SubmitDeduplicator } from '../../../foundation/web/http/submit-deduplicator.ts'
import { localeOf, sendPage } from '../../../foundation/web/pages/page.ts'
import { choice } from '../../../foundation/web/http/schema.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import { EXPIRY_DAYS, newTokenForm, SCOPES_FIELD, STANDARD_DAYS, summaryFields } from './new-token-form.pages.ts'
import { makeOwnToken } from './own-tokens.service.ts'
import { showToken } from './shown-token.pages.ts'
import { NEW_TOKEN } from './tokens-section.pages.ts'
import { scopesFor } from '../../../domain/api-tokens/api-token.ts'

/** The name has no constraint here: `issueApiToken` validates it with the other fields and returns all errors together. */
const TokenForm = Type.Object({
  name: Type.String(),
  expires_in_days: Type.Optional(choice(EXPIRY_DAYS)),
})

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
    if ('faults' in form) return showForm(request, reply, refusedForm(body, KEPT, form.faults))
    const { name, expires_in_days: inDays = STANDARD_DAYS } = form.value
    const wanted = { name, scopes: chosenScopes(request), expiresAt: ctx.now + days(Number(inDays)) }
    const submission = { browser: ctx.principal.session.id, body, typed: [name, inDays, ...wanted.scopes] }
    const { answer, refusal } = await submissions.answer(submission, ctx.now, () => answerOf(makeOwnToken(ctx, wanted)))
    if (refusal) return showForm(request, reply, refusedForm(body, KEPT, refusal))
    return showToken(request, reply, answer)
  })
}

const KEPT = ['name', 'expires_in_days']

/** The selected scopes, of the offered ones. */
function chosenScopes({ ctx, body }: Pick<FastifyRequest, 'ctx' | 'body'>): readonly Scope[] {
  const fields: object = typeof body === 'object' && body !== null ? body : {}
  return offeredScopes(signedIn(ctx).principal.user).filter((scope) =>
    Object.hasOwn(fields, optionField(SCOPES_FIELD, scope)),
  )
}

function showForm(request: FastifyRequest, reply: FastifyReply, state: FormState): FastifyReply {
  const say = texts(localeOf(reply))
  const { newToken } = say.tokens
  const { ctx } = request
  const { user } = signedIn(ctx).principal
  const body = { name: 'Nightly report', scopes: ['self:read'], expires_in_days: Number(STANDARD_DAYS) }
  return sendPage(reply, {
    title: [newToken.title, say.security.title],
    frame: 'account',
    notice: formSummary(say, state, summaryFields(say)),
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    body: html`<p class="lead">${newToken.lead}</p>
      ${newTokenForm(say, state, { offered: offeredScopes(user), ticked: chosenScopes(request), formToken: formToken(request) })}
      <p><a href="/account/security">${say.security.back}</a></p>
      ${apiEquivalent(say, ctx.config, { method: 'POST', path: '/users/me/tokens', body })}`,
  })
}

/** Scopes that no route accepts from a token, since those routes require recent authentication or do not exist yet. */
const WITHOUT_ROUTE: readonly Scope[] = ['users:reset-factors', 'policy:write']

/** The scopes that the page offers to this user. */
export function offeredScopes(user: PrincipalUser): readonly Scope[] {
  return scopesFor(user).filter((scope) => !WITHOUT_ROUTE.includes(scope))
}
