import type { FastifyRequest } from 'fastify'
import { timingSafeEqual } from 'node:crypto'

import type { With } from '#foundation/context.ts'
import { type Html, html } from '../html.ts'
import { fieldIn } from './redirect.ts'
import { pressField } from './submit-deduplicator.ts'

const FORM_TOKEN = 'form_token'

/**
 * The hidden fields of every form of a signed-in user: its token (CSRF), and a value that identifies its page. The token is a MAC of the
 * session's id, so only a page of the same session can contain it; it also protects where the browser sends no origin. The session keeps
 * its id when it gets a new token, so a form in another tab can still be submitted.
 */
export function formToken({ ctx }: Pick<FastifyRequest, 'ctx'>): Html {
  const token = tokenFor(ctx)
  return html`${token && html`${fieldFor(token)}${pressField(ctx)}`}`
}

/** The token field alone, for a page that also sets the session cookie, which the request of that page did not send. */
export function formTokenOf(ctx: With<'keyring'>, sessionId: string): Html {
  return fieldFor(sessionMac(ctx, sessionId))
}

function fieldFor(token: string): Html {
  return html`<input type="hidden" name="${FORM_TOKEN}" value="${token}" />`
}

/** Whether a submitted form belongs to the session of its request; true without a session of a browser. */
export function isOwnForm({ ctx, body }: Pick<FastifyRequest, 'ctx' | 'body'>): boolean {
  const wanted = tokenFor(ctx)
  if (wanted === undefined) return true
  const sent = fieldIn(body, FORM_TOKEN)
  if (typeof sent !== 'string') return false
  const [a, b] = [Buffer.from(sent), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Undefined without a session of a browser: then the request has no authority that another site could use. */
function tokenFor(ctx: With<'keyring' | 'principal'>): string | undefined {
  const { principal } = ctx
  return principal.kind === 'session' && principal.session.transport === 'cookie'
    ? sessionMac(ctx, principal.session.id)
    : undefined
}

/** The MAC has a key, because the id is in the database and in lists of sessions. No message of a device cookie begins with `form`. */
function sessionMac({ keyring }: With<'keyring'>, sessionId: string): string {
  return Buffer.from(keyring.mac('device', `form ${sessionId}`).mac, 'hex').toString('base64url')
}
