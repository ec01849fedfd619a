// Keeps what was typed into a form while its sender confirms who they are. A URL would leave it in history, proxies and logs, so
// it is sealed in a cookie: no node has to store it, and nobody can read it there.
import type { FastifyReply } from 'fastify'

import { KeyringError } from '../../platform/crypto/keyring-file.ts'
import { clearDraftCookie, readDraftCookie, setDraftCookie } from '../http/cookies.ts'

/** Bytes of a sealed draft; browsers keep no cookie of more than 4096 with its name (RFC 6265bis §5.6). */
const LONGEST = 3800

type Values = Readonly<Record<string, string>>

/** Keeps the fields for the next time the session opens the page `path`; fields too long for a cookie have to be typed again. */
export function keepDraft(reply: FastifyReply, path: string, values: Values): void {
  const { ctx } = reply.request
  const sealed = ctx.keyring.seal(Buffer.from(JSON.stringify(values)), belongingTo(reply, path))
  if (sealed.length <= LONGEST) setDraftCookie(reply, ctx.config, sealed)
}

/** The fields kept for this page, once; none if nothing was kept, or if another session kept it. */
export function takeDraft(reply: FastifyReply, path: string): Values {
  const { request } = reply
  const sealed = readDraftCookie(request)
  if (sealed === undefined) return {}
  clearDraftCookie(reply, request.ctx.config)
  try {
    return JSON.parse(Buffer.from(request.ctx.keyring.open(sealed, belongingTo(reply, path))).toString()) as Values
  } catch (error) {
    if (error instanceof KeyringError) return {}
    throw error
  }
}

/** The session keeps its id when its owner confirms, and only its token changes. */
function belongingTo({ request }: FastifyReply, path: string) {
  const { principal } = request.ctx
  if (principal.kind !== 'session') throw new Error('Only a page of a signed-in user keeps a draft')
  return { subject: principal.session.id, factorId: `draft ${path}` }
}
