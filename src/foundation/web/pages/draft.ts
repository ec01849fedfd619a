// Keeps the fields of a form while its user re-authenticates. A URL would leave them in history, proxies and logs, so they are sealed in a
// cookie: no node has to store them, and only the server can read them.
import type { FastifyReply } from 'fastify'

import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import type { SealedAs } from '#foundation/platform/crypto/sealing.ts'
import { clearPageCookie, readPageCookie, setPageCookie } from '../http/cookies.ts'

/** Maximum size in bytes of a sealed draft; browsers refuse a cookie of more than 4096 bytes with its name (RFC 6265bis §5.6). */
const LONGEST = 3800

type Values = Readonly<Record<string, string>>

/** Keeps the fields until the session opens the page `path` again. Fields that are too long for a cookie are not kept. */
export function keepDraft(reply: FastifyReply, path: string, values: Values): void {
  const sealed = reply.request.ctx.keyring.seal(Buffer.from(JSON.stringify(values)), draftOf(reply, path))
  if (sealed.length <= LONGEST) setPageCookie(reply, 'draft', sealed)
}

/** Returns the fields kept for this page and removes them; none if nothing was kept, or another session kept it. */
export function takeDraft(reply: FastifyReply, path: string): Values {
  const { keyring } = reply.request.ctx
  const sealed = readPageCookie(reply.request, 'draft')
  if (sealed === undefined) return {}
  clearPageCookie(reply, 'draft')
  try {
    return JSON.parse(Buffer.from(keyring.open(sealed, draftOf(reply, path))).toString()) as Values
  } catch (error) {
    if (error instanceof KeyringError) return {}
    throw error
  }
}

/** Binds the draft to the session's id, which re-authentication does not change; only the token changes. */
function draftOf({ request }: FastifyReply, path: string): SealedAs {
  const { principal } = request.ctx
  if (principal.kind !== 'session') throw new Error('Only a page of a signed-in user keeps a draft')
  return { purpose: 'draft', sessionId: principal.session.id, path }
}
