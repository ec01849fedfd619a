// Wrong secrets of apps: they count for the pair of network and client, so that no stranger who knows its id can stop an app, nor one app another.
import type { FastifyRequest } from 'fastify'

import { isDocumentUrl } from '#domain/agents/allowed-documents.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { type Client, isClientId } from '#domain/clients/client.ts'
import { numberOf } from '#domain/throttle/guess.service.ts'
import { type Guess, recordFailure, refusing, requireUnblocked } from '#domain/throttle/throttle.service.ts'
import { clientBucket } from '#domain/throttle/throttle.ts'
import type { Context } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

const LONGEST_ID = 200

/** Throws `throttle.blocked` where too many wrong secrets came for this client from this network. */
export async function requireClientUnblocked(request: FastifyRequest): Promise<void> {
  await requireUnblocked(request.ctx, guessOf(request))
}

/** Counts a wrong secret, or an unknown client: both count alike. The event that a known app is blocked names it. */
export async function countRefusedClient(request: FastifyRequest, client: Client | undefined): Promise<void> {
  const { ctx } = request
  const guess = guessOf(request)
  await refusing(ctx, guess, async (tx) => {
    await recordFailure(tx, guess)
    // Asked for an unknown client too, so that both cost the same.
    const blocked = await isBlocked(tx, guess)
    if (client === undefined || !blocked) return
    const details = { app: client.name, client: client.id, network: ctx.principal.source.network }
    await recordEvent(tx, { action: 'app.secret_refused', details })
  })
}

async function isBlocked(ctx: Context, guess: Guess): Promise<boolean> {
  try {
    await requireUnblocked(ctx, guess)
    return false
  } catch (error) {
    if (error instanceof Refusal && error.code === 'throttle.blocked') return true
    throw error
  }
}

function guessOf({ ctx, headers, body }: FastifyRequest): Guess {
  const { network } = ctx.principal.source
  const id = clientIdIn(headers.authorization, body)
  // Only a number of it is kept, so that ids that no app has cannot make rows without limit; what none can have counts as one.
  const shown = isClientId(id) || isDocumentUrl(id) ? id : ''
  return { network: null, buckets: [clientBucket(numberOf(ctx, `${network} ${shown}`))] }
}

/** Returns the id that a request claims to have, by either way of authentication (RFC 6749 §2.3.1). */
export function clientIdIn(authorization: string | undefined, body: unknown): string {
  const basic = basicCredentials(authorization)
  if (basic !== undefined) return basic.id.slice(0, LONGEST_ID)
  const fields = new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '')
  return (fields.get('client_id') ?? '').slice(0, LONGEST_ID)
}

/** Returns id and secret of an app, both encoded as in a form (RFC 6749 §2.3.1); undefined where the header holds none. */
export function basicCredentials(
  authorization: string | undefined,
): { readonly id: string; readonly secret: string } | undefined {
  const [, basic] = /^basic ([\w+/=-]+)$/i.exec(authorization ?? '') ?? []
  if (basic === undefined) return undefined
  const text = Buffer.from(basic, 'base64').toString('utf8')
  const [id = ''] = text.split(':', 1)
  return { id: formDecoded(id), secret: formDecoded(text.slice(id.length + 1)) }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
