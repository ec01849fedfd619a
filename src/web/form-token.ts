import { hash, timingSafeEqual } from 'node:crypto'

import type { FastifyRequest } from 'fastify'

import type { Secret } from '../kernel/secret.ts'
import { readCookie, sessionCookieName } from './cookies.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'

const FORM_TOKEN = 'form_token'

/**
 * The hidden field of every form of somebody who is signed in. It is made from the session's token, so that only a page of
 * the same session can have written it; where no browser says where a form comes from, this still does.
 */
export function formToken(request: Pick<FastifyRequest, 'ctx' | 'headers'>): Html {
  return fieldFor(tokenFor(request))
}

/** The same on the page that brings a session along, whose browser does not send it yet. */
export function formTokenOf(session: Secret): Html {
  return fieldFor(madeFrom(session.reveal()))
}

function fieldFor(token: string | undefined): Html {
  return html`${token && html`<input type="hidden" name="${FORM_TOKEN}" value="${token}" />`}`
}

/** Whether a form that was sent belongs to the session it was sent with; where there is no session there is nothing to belong to. */
export function isOwnForm(request: Pick<FastifyRequest, 'ctx' | 'headers' | 'body'>): boolean {
  const wanted = tokenFor(request)
  if (wanted === undefined) return true
  const sent = (request.body as Readonly<Record<string, unknown>> | null | undefined)?.[FORM_TOKEN]
  if (typeof sent !== 'string') return false
  const [a, b] = [Buffer.from(sent), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Undefined without a session: a form can then do nothing in anybody's name. */
function tokenFor({ ctx, headers }: Pick<FastifyRequest, 'ctx' | 'headers'>): string | undefined {
  if (ctx.caller.kind !== 'signed-in') return undefined
  const session = readCookie(headers.cookie, sessionCookieName(ctx.config))
  return session === undefined ? undefined : madeFrom(session)
}

/** Not the hash that is stored: whoever reads the database must not be able to write forms. */
function madeFrom(session: string): string {
  return hash('sha256', `form ${session}`, 'base64url')
}
