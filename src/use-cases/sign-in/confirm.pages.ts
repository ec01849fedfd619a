import type { FastifyRequest } from 'fastify'
import { Type } from '../../foundation/web/http/type.ts'

import type { Refusal, FieldError } from '../../foundation/kernel/refusal.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import { staleAuthentication } from '../../domain/sessions/reauthentication.ts'
import { signedIn } from '../../foundation/web/http/access.ts'
import type { App } from '../../foundation/web/http/app.ts'
import { redirectAfterReauthentication } from '../../foundation/web/pages/flash.ts'
import { setSessionCookie } from '../../foundation/web/http/cookies.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm } from '../../foundation/web/pages/form.ts'
import type { Outcome } from '../../foundation/web/pages/form.ts'
import { nextPath } from '../../foundation/web/http/redirect.ts'
import { SubmitDeduplicator } from '../../foundation/web/http/submit-deduplicator.ts'
import { seeOther } from '../../foundation/web/pages/page.ts'
import { showConfirm } from './confirm-form.pages.ts'
import { selectReauthenticationFactor } from './reauthentication-factor.ts'
import type { ReauthenticationFactor } from './reauthentication-factor.ts'
import { reauthenticate } from './reauthentication.service.ts'
import type { ReauthenticationInput, Reauthenticated } from './reauthentication.service.ts'
import { usableSecondFactors } from './second-factor.service.ts'
import { readSubmittedFactor, factorText, factorInQuery } from './factors.pages.ts'

const PasswordForm = Type.Object({ password: Type.String() })
const PerhapsPassword = Type.Object({ password: Type.Optional(Type.String()) })
const FIRST_PAGE = '/account/security'

const config = { access: 'signed-in', page: true, undocumented: true } as const

/**
 * Re-authentication before a sensitive change (step-up, RFC 9470), at the assurance level of the account. Afterwards the browser is
 * redirected to `?next=`.
 */
export function confirmPages(app: App): void {
  const submissions = new SubmitDeduplicator<Outcome<Reauthenticated>>(({ answer }) => answer !== undefined)

  app.get('/confirm', { config }, async (request, reply) => {
    const { ctx, query } = request
    const next = nextPath(query)
    // The session was re-authenticated in another tab, or the user went back in the browser's history.
    const fresh = staleAuthentication(ctx.principal, ctx.now, ctx.config.reauthenticationLifetime) === undefined
    if (fresh && next !== undefined) return seeOther(reply, next)
    return showConfirm(request, reply, { ...(await chosenFactor(request)), state: EMPTY_FORM })
  })

  app.post('/confirm', { config }, async (request, reply) => {
    const { body, query } = request
    const ctx = signedIn(request.ctx)
    const choice = await chosenFactor(request)
    const read = readInput(choice.factor, body)
    if ('why' in read) return showConfirm(request, reply, { ...choice, state: refusedForm(body, [], read.why) })
    const { input } = read
    const typed = [choice.factor, input.password?.reveal() ?? '', input.factor ? factorText(input.factor) : '']
    const submission = { browser: ctx.principal.session.id, body, typed }
    const { answer, refusal } = await submissions.answer(submission, ctx.now, () =>
      answerOf(reauthenticate(ctx, input)),
    )
    if (refusal) return showConfirm(request, reply, { ...choice, state: refusedForm(body, [], refusal) })
    setSessionCookie(reply, ctx.config, answer.token)
    return seeOther(reply, redirectAfterReauthentication(nextPath(query) ?? FIRST_PAGE))
  })
}

/** The factor that the page asks the user for, and the others that would be enough. */
async function chosenFactor(request: FastifyRequest) {
  const ctx = signedIn(request.ctx)
  return selectReauthenticationFactor(await usableSecondFactors(ctx, ctx.principal.user.subject), {
    enrolled: ctx.principal.user,
    requested: factorInQuery(request.query),
  })
}

type Read = { readonly input: ReauthenticationInput } | { readonly why: Refusal | readonly FieldError[] }

/** Reads the form. The password is optional beside a passkey, which may be enough alone, and required beside every other factor. */
function readInput(kind: ReauthenticationFactor, body: unknown): Read {
  const form = readForm(kind === 'passkey' ? PerhapsPassword : PasswordForm, body)
  const missing = 'faults' in form ? form.faults : []
  const typed = 'faults' in form ? undefined : form.value.password
  const password = typed === undefined ? undefined : Secret.of(typed)
  if (kind === 'password') return missing.length > 0 ? { why: missing } : { input: { password } }
  const shown = readSubmittedFactor(kind, body)
  if ('why' in shown) return { why: isFaults(shown.why) ? [...missing, ...shown.why] : shown.why }
  return missing.length > 0 ? { why: missing } : { input: { password, factor: shown.factor } }
}

function isFaults(why: Refusal | readonly FieldError[]): why is readonly FieldError[] {
  return Array.isArray(why)
}
