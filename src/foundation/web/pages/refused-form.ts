// Shows a refused form at the URL of its page. The answer to the form is a redirect there, so that neither Back nor Reload asks for the form to
// be sent again. What went wrong is sealed in the URL, and what was typed in a cookie; passwords and codes are not part of a `FormState`.
import type { FastifyReply } from 'fastify'

import { isRefusalCode, Refusal, type RefusalFacts } from '#foundation/kernel/refusal.ts'
import { type Instant, minutes } from '#foundation/kernel/time.ts'
import type { SealedAs } from '#foundation/platform/crypto/sealing.ts'
import { isSafe } from '../http/access.ts'
import { readPageCookie, setPageCookie } from '../http/cookies.ts'
import { fieldIn, safePath } from '../http/redirect.ts'
import { type FormState, formOf } from './form.ts'
import { seeOther } from './page.ts'
import { LONGEST_SEALED, openJson, sealJson } from './sealed-json.ts'

/** How long the page of the redirect shows the refusal. */
const LIFETIME = minutes(1)
const PARAMETER = 'refused'

interface SealedRefusal {
  readonly code: string
  readonly facts: RefusalFacts
  readonly id?: string | undefined
  readonly at: Instant
}

/**
 * Answers a refused form with a redirect to its page at `url`, which shows the state by `shownForm`. Undefined where the state has to be
 * shown at once: this is the request of that page, or the state is too large.
 */
export function redirectRefused(
  reply: FastifyReply,
  { values = {}, refusal }: Partial<FormState>,
  url = reply.request.url,
): FastifyReply | undefined {
  const { request } = reply
  if (isSafe(request) || refusal === undefined) return undefined
  const { code, facts, id } = refusal
  const sealed = sealJson(request.ctx, { code, facts, id, at: request.ctx.now } satisfies SealedRefusal, sealedAs(url))
  // Only the page at this URL opens them, and no other browser knows that.
  const typed = sealJson(request.ctx, values, sealedAs(url, sealed))
  const target = withRefusal(reply, url, sealed)
  if (target === undefined || typed.length > LONGEST_SEALED) return undefined
  if (Object.keys(values).length > 0) setPageCookie(reply, 'refused', typed, LIFETIME)
  request.isRefusedForm = true
  return seeOther(reply, target)
}

/** The state of the form of this page: that of the refusal that has led to it in the last minute, otherwise a form with `values`. */
export function shownForm({ request }: FastifyReply, values: FormState['values'] = {}): FormState {
  const { ctx, url } = request
  const sealed = fieldIn(request.query, PARAMETER)
  const refusal = typeof sealed === 'string' && refusalIn(openJson(ctx, sealed, sealedAs(url)), ctx.now)
  if (!refusal) return { values, fieldErrors: [] }
  const typed = readPageCookie(request, 'refused')
  return formOf((typed !== undefined && openJson(ctx, typed, sealedAs(url, sealed))) || {}, refusal)
}

/**
 * A reference relative to the request where only the query differs, so that the answer does not repeat the secret in the path of a link.
 * Undefined for a path that is too long to redirect to.
 */
function withRefusal({ request }: FastifyReply, url: string, sealed: string): string | undefined {
  const path = safePath(url)
  if (path === undefined) return undefined
  const { pathname, searchParams } = new URL(path, 'http://doorward.invalid')
  searchParams.set(PARAMETER, sealed)
  const query = `?${searchParams.toString()}`
  if (safePath(pathname + query) === undefined) return undefined
  return pathname === request.url.split('?', 1)[0] ? query : pathname + query
}

/** Undefined if it is too old, or of a version with other codes. A wait has become shorter since. */
function refusalIn(sealed: SealedRefusal | undefined, now: Instant): Refusal | undefined {
  if (sealed === undefined || !isRefusalCode(sealed.code)) return undefined
  const { code, facts, id, at } = sealed
  const age = now - at
  if (age < 0 || age >= LIFETIME) return undefined
  const { retryAfter } = facts
  const left = retryAfter !== undefined && { retryAfter: Math.max(1, retryAfter - Math.floor(age / 1000)) }
  return new Refusal(code, { ...facts, ...left }, { id })
}

function sealedAs(url: string, sealed = ''): SealedAs {
  const [path = ''] = url.split('?', 1)
  return { purpose: 'refused-form', path, refusal: sealed }
}
