// Keeps the fields of a form while its user re-authenticates or signs in again, and what a form has made while its page is reloaded. A URL would
// leave them in history, proxies and logs, so they are sealed in a cookie.
import type { FastifyReply } from 'fastify'

import { type Duration, type Instant, minutes } from '#foundation/kernel/time.ts'
import type { SealedAs } from '#foundation/platform/crypto/sealing.ts'
import { type Html, html } from '../html.ts'
import { signedIn } from '../http/access.ts'
import { clearPageCookie, readPageCookie, setPageCookie } from '../http/cookies.ts'
import { fieldIn } from '../http/redirect.ts'
import { type FormState, typedText } from './form.ts'
import { LONGEST_SEALED, openJson, sealJson } from './sealed-json.ts'

type Values = Readonly<Record<string, string>>

/** How long a page shows again what its form has made. */
const SHOWN_FOR = minutes(5)
const REAUTHENTICATION = minutes(15)
const SIGN_IN = minutes(10)

interface Draft {
  readonly values: Values
  readonly until: Instant
}

/** Keeps the fields until the session opens the page `path` again. Fields that are too long for a cookie are not kept. */
export function keepDraft(reply: FastifyReply, path: string, values: Values): void {
  storeDraft(reply, 'draft', { as: ofSession(reply, path), values, lifetime: REAUTHENTICATION })
}

/**
 * The form of the page `path` with the fields that were typed before, in this session or in a former one of its user that had ended; they are
 * kept no longer. Otherwise with `values`.
 */
export function draftedForm(reply: FastifyReply, path: string, values: Values = {}): FormState {
  const { subject } = signedIn(reply.request.ctx).principal.user
  const unsaved = openDraft(reply, 'unsaved', ofUser({ subject, path }))
  // That of another page stays, since the sign-in may have led to this one first.
  if (unsaved !== undefined) clearPageCookie(reply, 'unsaved')
  const draft = openDraft(reply, 'draft', ofSession(reply, path))
  if (readPageCookie(reply.request, 'draft') !== undefined) clearPageCookie(reply, 'draft')
  return { values: { ...values, ...draft, ...unsaved }, fieldErrors: [], isUnsaved: unsaved !== undefined }
}

/** Undefined for what was sealed as something else, or is too old. */
function openDraft({ request }: FastifyReply, cookie: 'draft' | 'unsaved', as: SealedAs): Values | undefined {
  const sealed = readPageCookie(request, cookie)
  const draft = sealed === undefined ? undefined : openJson<Draft>(request.ctx, sealed, as)
  return draft !== undefined && request.ctx.now < draft.until ? draft.values : undefined
}

const PAGE_FIELD = 'page'
const PAGE_OF_USER = { purpose: 'page-of-user' } as const

/** Fields that no form keeps, whatever its page names. */
const SECRET = new Set(['password', 'code', 'recovery_code', 'passkey', 'form_token', 'press'])

interface PageOfUser {
  readonly subject: string
  readonly path: string
  readonly fields: readonly string[]
}

/**
 * A hidden field for a form of the page `path`: whose it is, and which of its fields are kept if the session has ended when it is sent. It is
 * sealed, so that only a form that this server has shown to the user is kept.
 */
export function keepsFields({ request: { ctx } }: FastifyReply, path: string, fields: readonly string[]): Html {
  const { subject } = signedIn(ctx).principal.user
  const page: PageOfUser = { subject, path, fields: fields.filter((field) => !SECRET.has(field)) }
  return html`<input type="hidden" name="${PAGE_FIELD}" value="${sealJson(ctx, page, PAGE_OF_USER)}" />`
}

/**
 * Keeps a form whose session has ended for the next session of its user; returns the path of its page. Undefined for any other form, and
 * for one that is too long for a cookie.
 */
export function keepUnsaved(reply: FastifyReply): string | undefined {
  const { ctx, body } = reply.request
  const page = openJson<PageOfUser>(ctx, typedText(body, PAGE_FIELD), PAGE_OF_USER)
  if (page === undefined) return undefined
  const typed = page.fields.map((name) => [name, fieldIn(body, name)] as const)
  const values = Object.fromEntries(typed.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  return storeDraft(reply, 'unsaved', { as: ofUser(page), values, lifetime: SIGN_IN }) ? page.path : undefined
}

interface Kept {
  readonly as: SealedAs
  readonly values: Values
  readonly lifetime: Duration
}

/** Whether they are short enough for a cookie. */
function storeDraft(reply: FastifyReply, cookie: 'draft' | 'unsaved', { as, values, lifetime }: Kept): boolean {
  const { ctx } = reply.request
  const sealed = sealJson(ctx, { values, until: ctx.now + lifetime } satisfies Draft, as)
  if (sealed.length > LONGEST_SEALED) return false
  setPageCookie(reply, cookie, sealed, lifetime)
  return true
}

/** Keeps for five minutes what a form has made for the page `path`, such as a link that is shown to this session only. */
export function keepMade(reply: FastifyReply, path: string, values: Values): void {
  const until = String(reply.request.ctx.now + SHOWN_FOR)
  setPageCookie(reply, 'made', sealJson(reply.request.ctx, { ...values, until }, madeBy(reply, path)), SHOWN_FOR)
}

/** Returns what the session has made for this page in the last five minutes; undefined if nothing. */
export function readMade(reply: FastifyReply, path: string): Values | undefined {
  const sealed = readPageCookie(reply.request, 'made')
  const made = sealed === undefined ? undefined : openJson<Values>(reply.request.ctx, sealed, madeBy(reply, path))
  return made !== undefined && reply.request.ctx.now < Number(made['until']) ? made : undefined
}

/** Keeps a draft of the same page from being read as something that was made. */
function madeBy(reply: FastifyReply, path: string): SealedAs {
  return ofSession(reply, `${path}?made`)
}

/** Bound to the session's id, which re-authentication does not change; only the token changes. */
function ofSession({ request: { ctx } }: FastifyReply, path: string): SealedAs {
  return { purpose: 'draft', sessionId: signedIn(ctx).principal.session.id, path }
}

function ofUser({ subject, path }: Pick<PageOfUser, 'subject' | 'path'>): SealedAs {
  return { purpose: 'unsaved-form', subject, path }
}
