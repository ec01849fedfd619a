// Signs a browser in at a protected host by its one-time code.
import { consumeHostCode, hostCookieHash, sessionAtHost, startHostSession } from '#domain/hosts/host-session.service.ts'
import type { ProtectedHost } from '#domain/hosts/host.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { resolveSessionById } from '#domain/sessions/session.service.ts'
import { type Context, inTransaction } from '#foundation/context.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Leaving } from './credentials.ts'

interface Arrival<Kept extends Leaving> {
  readonly host: ProtectedHost
  readonly code: string
  readonly leavings: readonly Kept[]
  /** The cookie by which the browser is signed in at the host already. */
  readonly cookie: string | undefined
}

export interface Entered<Kept extends Leaving> {
  /** The one that the code was made for. */
  readonly leaving: Kept
  /** The new value of the host's cookie; undefined where the browser is signed in there by the same session. */
  readonly cookie: Secret | undefined
}

/** Consumes a code; undefined if it is not for this host and browser, was used, or its session has ended since. */
export function enterHost<Kept extends Leaving>(
  ctx: Context,
  { host, code, leavings, cookie }: Arrival<Kept>,
): Promise<Entered<Kept> | undefined> {
  const byDigest = new Map(leavings.map((leaving) => [hashOf(Secret.of(leaving.nonce)), leaving]))
  return inTransaction(ctx, async (tx) => {
    const consumed = await consumeHostCode(tx, { code, host, leaving: [...byDigest.keys()] })
    const leaving = byDigest.get(consumed?.leaving ?? '')
    if (consumed === undefined || leaving === undefined) return undefined
    const { sessionId } = consumed
    const found = await resolveSessionById(tx, sessionId, sessionRules(tx))
    if (found === undefined) return undefined
    const hash = hostCookieHash(cookie)
    if (hash !== undefined && (await sessionAtHost(tx, hash, host.id)) === sessionId)
      return { leaving, cookie: undefined }
    const { subject } = found.user
    return { leaving, cookie: await startHostSession(tx, { host, sessionId, subject }) }
  })
}
