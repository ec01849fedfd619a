import type { FastifyRequest } from 'fastify'
import { Type } from '../../foundation/web/http/type.ts'

import type { Refusal } from '../../foundation/kernel/refusal.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import { staleAuthentication } from '../../domain/sessions/reauthentication.ts'
import { signedIn } from '../../foundation/web/http/access.ts'
import type { App } from '../../foundation/web/http/app.ts'
import { redirectAfterReauthentication } from '../../foundation/web/pages/reauthenticated.ts'
import { setSessionCookie } from '../../foundation/web/http/cookies.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm } from '../../foundation/web/pages/form.ts'
import type { Outcome } from '../../foundation/web/pages/form.ts'
import type { FieldError } from '../../foundation/kernel/field-error.ts'
import { nextPath } from '../../foundation/web/http/next-path.ts'
import { SubmitDeduplicator } from '../../foundation/web/http/submit-deduplicator.ts'
import { seeOther } from '../../foundation/web/pages/page.ts'
import { showConfirm } from './confirm-form.pages.ts'
import { selectReauthenticationFactor } from './reauthentication-factor.ts'
import type { ReauthenticationFactor } from './reauthentication-factor.ts'
import { reauthenticate } from './reauthentication.service.ts'
import type { ReauthenticationInput, Reauthenticated } from './reauthentication.service.ts'
import { usableHere } from './second-factor.service.ts'
import { readShown, factorText, wayIn } from './factors.pages.ts'

const PasswordForm = Type.Object({ password: Type.String() })
const PerhapsPassword = Type.Object({ password: Type.Optional(Type.String()) })
const FIRST_PAGE = '/account/security'

const config = { access: 'signed-in', page: true, undocumented: true } as const

/** A proof once more, before something sensitive, as strong as the account can give; afterwards the person is back where they wanted to be. */
export function confirmPages(app: App): void {
  const presses = new SubmitDeduplicator<Outcome<Reauthenticated>>(({ answer }) => answer !== undefined)

  app.get('/confirm', { config }, async (request, reply) => {
    const { ctx, query } = request
    const next = nextPath(query)
    // Confirmed in another tab meanwhile, or the way back of the browser.
    const fresh = staleAuthentication(ctx.principal, ctx.now, ctx.config.proofLifetime) === undefined
    if (fresh && next !== undefined) return seeOther(reply, next)
    return showConfirm(request, reply, { ...(await wayOf(request)), state: EMPTY_FORM })
  })

  app.post('/confirm', { config }, async (request, reply) => {
    const { body, query } = request
    const ctx = signedIn(request.ctx)
    const ways = await wayOf(request)
    const read = readProof(ways.way, body)
    if ('why' in read) return showConfirm(request, reply, { ...ways, state: refusedForm(body, [], read.why) })
    const { proof } = read
    const typed = [ways.way, proof.password?.reveal() ?? '', proof.factor ? factorText(proof.factor) : '']
    const pressed = { browser: ctx.principal.session.id, body, typed }
    const { answer, refusal } = await presses.answer(pressed, ctx.now, () => answerOf(reauthenticate(ctx, proof)))
    if (refusal) return showConfirm(request, reply, { ...ways, state: refusedForm(body, [], refusal) })
    setSessionCookie(reply, ctx.config, answer.token)
    return seeOther(reply, redirectAfterReauthentication(nextPath(query) ?? FIRST_PAGE))
  })
}

/** What this person is asked for here, and what else they could show. */
async function wayOf(request: FastifyRequest) {
  const ctx = signedIn(request.ctx)
  return selectReauthenticationFactor(await usableHere(ctx, ctx.principal.user.subject), {
    held: ctx.principal.user,
    wished: wayIn(request.query),
  })
}

type Read = { readonly proof: ReauthenticationInput } | { readonly why: Refusal | readonly FieldError[] }

/** A passkey comes with the password only where it was not enough alone; everything else always does. */
function readProof(way: ReauthenticationFactor, body: unknown): Read {
  const form = readForm(way === 'passkey' ? PerhapsPassword : PasswordForm, body)
  const missing = 'faults' in form ? form.faults : []
  const typed = 'faults' in form ? undefined : form.value.password
  const password = typed === undefined ? undefined : Secret.of(typed)
  if (way === 'password') return missing.length > 0 ? { why: missing } : { proof: { password } }
  const shown = readShown(way, body)
  if ('why' in shown) return { why: isFaults(shown.why) ? [...missing, ...shown.why] : shown.why }
  return missing.length > 0 ? { why: missing } : { proof: { password, factor: shown.factor } }
}

function isFaults(why: Refusal | readonly FieldError[]): why is readonly FieldError[] {
  return Array.isArray(why)
}
