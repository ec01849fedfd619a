// Where an app sends the browser of its user (OpenID Connect Core §3.1.2), and where the browser goes on after what the request needed.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { allowsRedirectUri } from '#domain/clients/redirect-uri.ts'
import { inTransaction } from '#foundation/context.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { leaveByLink } from '#foundation/web/pages/page.ts'
import { ignoreBearer } from './browser.service.ts'
import { showAgentFault, showExpired, showLibraryError } from './error.pages.ts'
import { type Exchange, type LibraryAnswer, newExchange, queryOf, sendAnswer, withHeaders } from './exchange.service.ts'
import { type Interaction, isBoundToCurrentSession, readInteraction } from './interaction.service.ts'
import { AUTHORIZATION_PATH, interactionPath } from './openid-path.ts'
import type { OpenId } from './openid.service.ts'
import { storedClient } from './stored-client.service.ts'

const config = { access: 'anyone', page: true, undocumented: true, leavesSite: true } as const
const schema = { params: Type.Object({ uid: Type.String({ maxLength: 100 }) }) }
/** A request that is posted becomes a URL, which has to stay short enough for every browser and proxy. */
const LARGEST_FORM = 8 * 1024

export function authorizationPages(app: App, openid: OpenId): void {
  app.get(AUTHORIZATION_PATH, { config, preHandler: ignoreBearer }, (request, reply) =>
    authorize(openid, request, reply),
  )

  app.get(`${AUTHORIZATION_PATH}/:uid`, { config, schema, preHandler: ignoreBearer }, async (request, reply) => {
    const provider = await openid.requiredProvider(request.ctx)
    const { uid } = request.params
    const interaction = await readInteraction(request.ctx, uid)
    if (interaction === undefined) return showExpired(reply)
    // Another person, or the same one in another session, came in between: the page of the interaction decides for who is there now.
    if (!isBoundToCurrentSession(interaction, request.ctx)) return reply.redirect(interactionPath(uid), 303)
    const exchange = newExchange(request, reply)
    const error = await errorMeanwhile(exchange, interaction)
    if (error !== undefined) return showLibraryError(reply, 400, { error, description: undefined }, exchange.disabled)
    // The interaction ends with what follows it: a code, the next interaction, or an error that the app gets.
    const answered = await inTransaction(request.ctx, async (ctx) => {
      const resumed = { ...newExchange(request, reply), ctx }
      return { exchange: resumed, answer: await openid.answer(provider, resumed, `/auth/${encodeURIComponent(uid)}`) }
    })
    return sendAuthorization(answered)
  })

  // A form of another site carries no cookie of this one, so the request is evaluated when the browser comes with GET.
  const posted = {
    config: { access: 'anyone', bodies: ['form'], undocumented: true },
    bodyLimit: LARGEST_FORM,
  } as const
  app.post(AUTHORIZATION_PATH, posted, async ({ ctx, body }, reply) => {
    await openid.requiredProvider(ctx)
    return reply.redirect(`${AUTHORIZATION_PATH}?${new URLSearchParams(body as Record<string, string>)}`, 303)
  })
}

interface Answered {
  readonly exchange: Exchange
  readonly answer: LibraryAnswer
}

async function authorize(openid: OpenId, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const provider = await openid.requiredProvider(request.ctx)
  const exchange = newExchange(request, reply)
  // A path without its prefix, which the route decides: of the request's own, a part can be percent-encoded.
  return sendAuthorization({ exchange, answer: await openid.answer(provider, exchange, `/auth?${queryFor(request)}`) })
}

function sendAuthorization({ exchange, answer }: Answered): FastifyReply {
  const { reply, agentFault } = exchange
  if (agentFault !== undefined) return showAgentFault(reply, agentFault)
  if (exchange.shown !== undefined) return showLibraryError(reply, answer.status, exchange.shown, exchange.disabled)
  const { location, ...headers } = answer.headers
  if (typeof location !== 'string' || location.startsWith('/')) return sendAnswer(reply, answer)
  return leaveByLink(withHeaders(reply, headers), location)
}

/**
 * The query of the request. The library cannot do without `form_post`, whose page needs a script; by a name that it does not know, the mode is
 * refused as every other.
 */
function queryFor(request: FastifyRequest): string {
  const query = queryOf(request)
  const fields = new URLSearchParams(query)
  if (!fields.getAll('response_mode').includes('form_post')) return query
  fields.set('response_mode', 'unsupported')
  return fields.toString()
}

/** The library checks app and redirect URI when an authorization begins. Meanwhile an admin can have disabled the one or removed the other. */
async function errorMeanwhile(exchange: Exchange, { params }: Interaction): Promise<string | undefined> {
  const stored = await storedClient(exchange, params['client_id'] ?? '')
  if (stored === undefined) return 'invalid_client'
  return allowsRedirectUri(stored.client.redirectUris, params['redirect_uri'] ?? '')
    ? undefined
    : 'invalid_redirect_uri'
}
