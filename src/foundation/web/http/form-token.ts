import type { FastifyRequest } from 'fastify'
import { timingSafeEqual } from 'node:crypto'

import type { With } from '#foundation/context.ts'
import { type Html, html } from '../html.ts'
import { fieldIn } from './redirect.ts'
import { pressField } from './submit-deduplicator.ts'

const FORM_TOKEN = 'form_token'
/** In bytes: a MAC of SHA-256. Its field has the mask and the masked token, 86 characters of Base64. */
const TOKEN_BYTES = 32

/**
 * The hidden fields of every form of a signed-in user: its token (CSRF), and a value that identifies its page. The token is a MAC of the
 * session's id, so only a page of the same session can contain it; it also protects where the browser sends no origin. The session keeps
 * its id when it gets a new token, so a form in another tab can still be submitted. The field has the token behind a mask that is new in
 * each answer: the length of a compressed page would otherwise reveal how much of a guess is right (BREACH).
 */
export function formToken({ ctx }: Pick<FastifyRequest, 'ctx'>): Html {
  const token = tokenFor(ctx)
  return html`${token && html`${fieldFor(ctx, token)}${pressField(ctx)}`}`
}

/** The token field alone, for a page that also sets the session cookie, which the request of that page did not send. */
export function formTokenOf(ctx: With<'keyring' | 'random'>, sessionId: string): Html {
  return fieldFor(ctx, sessionMac(ctx, sessionId))
}

function fieldFor({ random }: With<'random'>, token: Buffer): Html {
  const mask = random(token.length)
  const masked = Buffer.concat([mask, xor(token, mask)]).toString('base64url')
  return html`<input type="hidden" name="${FORM_TOKEN}" value="${masked}" />`
}

/** The token in the value of a field; undefined if the value does not have its form. */
function unmasked(value: unknown): Buffer | undefined {
  if (typeof value !== 'string' || !/^[\w-]{86}$/.test(value)) return undefined
  const bytes = Buffer.from(value, 'base64url')
  return xor(bytes.subarray(TOKEN_BYTES), bytes.subarray(0, TOKEN_BYTES))
}

function xor(bytes: Uint8Array, mask: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (mask[index] ?? 0)))
}

/** Whether a submitted form belongs to the session of its request; true without a session of a browser. */
export function isOwnForm({ ctx, body }: Pick<FastifyRequest, 'ctx' | 'body'>): boolean {
  const wanted = tokenFor(ctx)
  if (wanted === undefined) return true
  const sent = unmasked(fieldIn(body, FORM_TOKEN))
  return sent !== undefined && timingSafeEqual(sent, wanted)
}

/** Undefined without a session of a browser: then the request has no authority that another site could use. */
function tokenFor(ctx: With<'keyring' | 'principal'>): Buffer | undefined {
  const { principal } = ctx
  return principal.kind === 'session' && principal.session.transport === 'cookie'
    ? sessionMac(ctx, principal.session.id)
    : undefined
}

/** The MAC has a key, because the id is in the database and in lists of sessions. No message of a device cookie begins with `form`. */
function sessionMac({ keyring }: With<'keyring'>, sessionId: string): Buffer {
  return Buffer.from(keyring.mac('device', `form ${sessionId}`).mac, 'hex')
}
