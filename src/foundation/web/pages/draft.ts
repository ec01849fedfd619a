// Keeps the fields of a form while its user re-authenticates, and what a form has made while its page is reloaded. A URL would leave them in
// history, proxies and logs, so they are sealed in a cookie.
import type { FastifyReply } from 'fastify'

import { minutes } from '#foundation/kernel/time.ts'
import type { SealedAs } from '#foundation/platform/crypto/sealing.ts'
import { clearPageCookie, readPageCookie, setPageCookie } from '../http/cookies.ts'
import { LONGEST_SEALED, openJson, sealJson } from './sealed-json.ts'

type Values = Readonly<Record<string, string>>

/** How long a page shows again what its form has made. */
const SHOWN_FOR = minutes(5)

/** Keeps the fields until the session opens the page `path` again. Fields that are too long for a cookie are not kept. */
export function keepDraft(reply: FastifyReply, path: string, values: Values): void {
  const sealed = sealedFor(reply, path, values)
  if (sealed.length <= LONGEST_SEALED) setPageCookie(reply, 'draft', sealed)
}

/** Returns the fields kept for this page and removes them; none if nothing was kept, or another session kept it. */
export function takeDraft(reply: FastifyReply, path: string): Values {
  const sealed = readPageCookie(reply.request, 'draft')
  if (sealed === undefined) return {}
  clearPageCookie(reply, 'draft')
  return openedFor(reply, path, sealed) ?? {}
}

/** Keeps for five minutes what a form has made for the page `path`, such as a link that is shown to this session only. */
export function keepMade(reply: FastifyReply, path: string, values: Values): void {
  const until = String(reply.request.ctx.now + SHOWN_FOR)
  setPageCookie(reply, 'made', sealedFor(reply, madeAt(path), { ...values, until }), SHOWN_FOR)
}

/** Returns what the session has made for this page in the last five minutes; undefined if nothing. */
export function readMade(reply: FastifyReply, path: string): Values | undefined {
  const sealed = readPageCookie(reply.request, 'made')
  const made = sealed === undefined ? undefined : openedFor(reply, madeAt(path), sealed)
  return made !== undefined && reply.request.ctx.now < Number(made['until']) ? made : undefined
}

/** Keeps a draft of the same page from being read as something that was made. */
function madeAt(path: string): string {
  return `${path}?made`
}

function sealedFor(reply: FastifyReply, path: string, values: Values): string {
  return sealJson(reply.request.ctx, values, draftOf(reply, path))
}

/** Undefined if another session, or a form for another page, has sealed it. */
function openedFor(reply: FastifyReply, path: string, sealed: string): Values | undefined {
  return openJson(reply.request.ctx, sealed, draftOf(reply, path))
}

/** Binds the draft to the session's id, which re-authentication does not change; only the token changes. */
function draftOf({ request }: FastifyReply, path: string): SealedAs {
  const { principal } = request.ctx
  if (principal.kind !== 'session') throw new Error('Only a page of a signed-in user keeps a draft')
  return { purpose: 'draft', sessionId: principal.session.id, path }
}
