// Where an app sends the browser of its user (OpenID Connect Core §3.1.2), and where the browser goes on after what the request needed.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { showLibraryError } from './error.pages.ts'
import { newExchange, sendAnswer } from './exchange.service.ts'
import { isBoundToPresent } from './interaction.service.ts'
import { AUTHORIZATION_PATH, OPENID_PATH, interactionPath } from './openid-path.ts'
import type { OpenId } from './openid.service.ts'

const config = { access: 'anyone', page: true, undocumented: true, leavesSite: true } as const
const schema = { params: Type.Object({ uid: Type.String({ maxLength: 100 }) }) }
/** A request that is posted becomes a URL, which has to stay short enough for every browser and proxy. */
const LARGEST_FORM = 8 * 1024

export function authorizationPages(app: App, openid: OpenId): void {
  app.get(AUTHORIZATION_PATH, { config }, (request, reply) => authorize(openid, request, reply))

  app.get(`${AUTHORIZATION_PATH}/:uid`, { config, schema }, async (request, reply) => {
    const { uid } = request.params
    // Another person, or the same one in another session, came in between: the page of the interaction decides for who is there now.
    if (!(await isBoundToPresent(request.ctx, uid))) return reply.redirect(interactionPath(uid), 303)
    return authorize(openid, request, reply)
  })

  // A form of another site carries no cookie of this one, so the request is judged when the browser comes with GET.
  const posted = {
    config: { access: 'anyone', bodies: ['form'], undocumented: true },
    bodyLimit: LARGEST_FORM,
  } as const
  app.post(AUTHORIZATION_PATH, posted, async ({ ctx, body }, reply) => {
    await openid.requiredProvider(ctx)
    return reply.redirect(`${AUTHORIZATION_PATH}?${new URLSearchParams(body as Record<string, string>)}`, 303)
  })
}

async function authorize(openid: OpenId, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const provider = await openid.requiredProvider(request.ctx)
  const exchange = newExchange(request, reply)
  const answer = await openid.answer(provider, exchange, request.raw.url?.slice(OPENID_PATH.length) ?? '')
  if (exchange.shown !== undefined) return showLibraryError(reply, answer.status, exchange.shown, exchange.disabled)
  return sendAnswer(reply, answer)
}
