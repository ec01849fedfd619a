// The page to which an authorization leads where it needs its user: it leads on to the sign-in, to a re-authentication or to the registration,
// or asks itself.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { unmetRestriction } from '#domain/grants/client-access.service.ts'
import { isRegistrationOn } from '#domain/registrations/registration.service.ts'
import { fulfils } from '#domain/sessions/reauthentication.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { fieldIn, withNext } from '#foundation/web/http/redirect.ts'
import { Type } from '#foundation/web/http/type.ts'
import { onward, seeOther } from '#foundation/web/pages/page.ts'
import { confirmPath } from '#use-cases/sign-in/reauthentication-requirement.pages.ts'
import { canReach } from '#use-cases/sign-in/reauthentication.service.ts'
import { signOutHere } from '#use-cases/sign-in/sign-out.pages.ts'
import { ignoreBearer, isInteractionOfBrowser } from './browser.service.ts'
import { askToAgree, REVISION_FIELD } from './consent-question.pages.ts'
import { agree } from './consent-question.service.ts'
import { showExpired, showUnknownApp } from './error.pages.ts'
import { newExchange } from './exchange.service.ts'
import { askForAnother, showRestricted, showUnmet } from './interaction-questions.pages.ts'
import {
  answerWithError,
  type Asked,
  asksForAnother,
  finishInteraction,
  type Interaction,
  readInteraction,
  recordRefusedUse,
  refuseInteraction,
  requirementFor,
} from './interaction.service.ts'
import { OPENID_PATH, interactionPath } from './openid-path.ts'
import type { OpenId } from './openid.service.ts'
import { storedClient } from './stored-client.service.ts'

const config = { access: 'anyone', page: true, undocumented: true, leavesSite: true } as const
const answers = { access: 'signed-in', page: true, undocumented: true } as const
const schema = { params: Type.Object({ uid: Type.String({ maxLength: 100 }) }) }
const PATH = `${OPENID_PATH}/interaction/:uid`
const LONGEST_HINT = 200

export function interactionPages(app: App, openid: OpenId): void {
  app.get(PATH, { config, schema, preHandler: ignoreBearer }, ofInteraction(openid, leadOn))

  const options = { config: answers, schema, preHandler: ignoreBearer }
  app.post(
    `${PATH}/consent`,
    options,
    ofInteraction(openid, async (request, reply, asked) => {
      const { uid, prompt } = asked.interaction
      // What else is asked is not done by agreeing: a form can be sent to the page of a sign-in too.
      if (prompt.name !== 'consent') return seeOther(reply, interactionPath(uid))
      if (!isInteractionOfBrowser(request, uid)) return showExpired(reply)
      if (!(await agree(signedIn(request.ctx), asked, fieldIn(request.body, REVISION_FIELD))))
        return seeOther(reply, interactionPath(uid))
      return onward(reply, resumePath(asked.interaction))
    }),
  )

  // Another account needs a session of its own, so this one ends; the sign-in leads back to the interaction.
  app.post(
    `${PATH}/other`,
    options,
    ofInteraction(openid, async ({ ctx }, reply, { interaction }) => {
      await signOutHere(ctx, reply)
      return seeOther(reply, signInPath(interaction))
    }),
  )

  for (const [word, error] of [
    ['deny', 'access_denied'],
    ['unmet', 'unmet_authentication_requirements'],
  ] as const)
    app.post(
      `${PATH}/${word}`,
      options,
      ofInteraction(openid, async ({ ctx }, reply, asked) => {
        await refuseInteraction(signedIn(ctx), asked, error)
        return onward(reply, resumePath(asked.interaction))
      }),
    )
}

/** Returns a handler that gets the interaction of the path with its app. Where one of them is gone, a page says so. */
function ofInteraction(
  openid: OpenId,
  answer: (request: FastifyRequest, reply: FastifyReply, asked: Asked) => Promise<FastifyReply>,
) {
  return async (request: FastifyRequest<{ Params: { uid: string } }>, reply: FastifyReply): Promise<FastifyReply> => {
    await openid.requiredProvider(request.ctx)
    const interaction = await readInteraction(request.ctx, request.params.uid)
    if (interaction === undefined) return showExpired(reply)
    const exchange = newExchange(request, reply)
    const stored = await storedClient(exchange, interaction.params['client_id'] ?? '')
    if (stored === undefined) return showUnknownApp(reply, exchange.disabled)
    return answer(request, reply, { interaction, client: stored.client })
  }
}

/** Where the library goes on with the authorization. */
function resumePath({ uid }: Interaction): string {
  return `${OPENID_PATH}/auth/${encodeURIComponent(uid)}`
}

/** Leads to what is missing; where nothing is, on to the app. */
async function leadOn(request: FastifyRequest, reply: FastifyReply, asked: Asked): Promise<FastifyReply> {
  const { interaction } = asked
  const { ctx } = request
  const here = interactionPath(interaction.uid)
  if (interaction.prompt.name === 'create') return leadToRegistration(request, reply, asked)
  if (ctx.principal.kind !== 'session') return reply.redirect(signInPath(interaction), 303)
  const session = signedIn(ctx)
  if (asksForAnother(interaction, session.principal)) return askForAnother(request, reply, asked)
  const restriction = await unmetRestriction(session, asked.client, session.principal.user)
  if (restriction !== undefined) {
    await recordRefusedUse(session, asked, restriction)
    return showRestricted(request, reply, asked, restriction)
  }
  const requirement = requirementFor(asked, session)
  if (!fulfils(session.principal.session, requirement)) {
    if (!(await canReach(session, requirement.least))) return showUnmet(request, reply, asked)
    return reply.redirect(withNext(confirmPath(requirement), { next: here }), 303)
  }
  if (interaction.prompt.name === 'consent')
    return isInteractionOfBrowser(request, interaction.uid) ? askToAgree(request, reply, asked) : showExpired(reply)
  await finishInteraction(session, interaction, 'login')
  return reply.redirect(resumePath(interaction), 303)
}

function signInPath({ uid, params }: Interaction): string {
  const { login_hint: hint, ui_locales: locales } = params
  const query = new URLSearchParams({
    ...(hint !== undefined && { login_hint: hint.slice(0, LONGEST_HINT) }),
    ...(locales !== undefined && { ui_locales: locales.slice(0, LONGEST_HINT) }),
  })
  return withNext(`/sign-in${query.size > 0 ? `?${query}` : ''}`, { next: interactionPath(uid) })
}

/** `prompt=create` (OpenID Connect Prompt Create 1.0): once, to the registration, and from there on as always. */
async function leadToRegistration(
  request: FastifyRequest,
  reply: FastifyReply,
  { interaction }: Asked,
): Promise<FastifyReply> {
  const { ctx } = request
  const here = interactionPath(interaction.uid)
  if (!isRegistrationOn(ctx)) {
    await answerWithError(ctx, interaction, 'invalid_request')
    return reply.redirect(resumePath(interaction), 303)
  }
  if (ctx.principal.kind !== 'session') return reply.redirect(withNext('/register', { next: here }), 303)
  await finishInteraction(signedIn(ctx), interaction, 'create')
  return reply.redirect(resumePath(interaction), 303)
}
