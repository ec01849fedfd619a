import { timingSafeEqual } from 'node:crypto'

import type { FastifyRequest } from 'fastify'

import type { With } from '../../context.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { pressField } from './submit-deduplicator.ts'

const FORM_TOKEN = 'form_token'

/**
 * The hidden fields of every form of a signed-in user: its token (CSRF), and a value that tells its page from every other. The
 * token is a MAC of the session's id, so that only a page of the same session can have written it; where no browser says where
 * a form comes from, this still does. The id stays when the session gets another token, so that a form in another tab can still
 * be sent.
 */
export function formToken({ ctx }: Pick<FastifyRequest, 'ctx'>): Html {
  const token = tokenFor(ctx)
  return html`${token && html`${fieldFor(token)}${pressField(ctx)}`}`
}

/** The token alone, on the page that brings a session along, whose browser does not send it yet. */
export function formTokenOf(ctx: With<'keyring'>, sessionId: string): Html {
  return fieldFor(madeFor(ctx, sessionId))
}

function fieldFor(token: string): Html {
  return html`<input type="hidden" name="${FORM_TOKEN}" value="${token}" />`
}

/** Whether a form that was sent belongs to the session it was sent with; where there is no session there is nothing to belong to. */
export function isOwnForm({ ctx, body }: Pick<FastifyRequest, 'ctx' | 'body'>): boolean {
  const wanted = tokenFor(ctx)
  if (wanted === undefined) return true
  const sent = (body as Readonly<Record<string, unknown>> | null | undefined)?.[FORM_TOKEN]
  if (typeof sent !== 'string') return false
  const [a, b] = [Buffer.from(sent), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Undefined without the session of a browser: then there is nothing that another site could abuse. */
function tokenFor(ctx: With<'keyring' | 'principal'>): string | undefined {
  const { principal } = ctx
  return principal.kind === 'session' && principal.session.transport === 'cookie'
    ? madeFor(ctx, principal.session.id)
    : undefined
}

/** Under a key, because the id is in the database and in lists of sessions. No message of the device cookies begins with `form`. */
function madeFor({ keyring }: With<'keyring'>, sessionId: string): string {
  return Buffer.from(keyring.mac('device', `form ${sessionId}`).mac, 'hex').toString('base64url')
}
