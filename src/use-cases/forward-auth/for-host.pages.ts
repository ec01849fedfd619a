// The page that signs a browser in at a protected host: it leads to the sign-in and to what the host requires beyond, and then back with a code.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { issueHostCode } from '#domain/hosts/host-session.service.ts'
import { findHostByName } from '#domain/hosts/host.service.ts'
import type { ProtectedHost } from '#domain/hosts/host.ts'
import { fulfils } from '#domain/sessions/reauthentication.ts'
import type { Context, WithSession } from '#foundation/context.ts'
import type { AssuranceLevel } from '#foundation/kernel/assurance.ts'
import { texts } from '#foundation/texts/texts.ts'
import { linkButton, longButtonRow, primaryLink, quietLink } from '#foundation/web/components/button.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { leaveByLink, localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { whoIsSignedIn } from '#use-cases/page-sections/signed-in-user.pages.ts'
import { additionPath } from '#use-cases/page-sections/stronger-factor.pages.ts'
import { confirmPath, requirementIn } from '#use-cases/sign-in/reauthentication-requirement.pages.ts'
import { canReach } from '#use-cases/sign-in/reauthentication.service.ts'
import { isOpenToUser, requireHosts } from './decision.service.ts'
import { originOf } from './forwarded-request.ts'
import type { RefusalRecorder } from './refused-request.service.ts'
import { requestedReturn } from './requested-return.ts'

const config = { access: 'anyone', page: true, undocumented: true, leavesSite: true } as const

export function forHostPages(app: App, refusals: RefusalRecorder): void {
  app.get('/auth/for-host', { config }, async (request, reply) => {
    const { ctx, query, url } = request
    const back = requestedReturn(query as Readonly<Record<string, unknown>>)
    const host = back && (await findHostByName(ctx, back.host))
    if (back === undefined || host === undefined) {
      await requireHosts(ctx)
      return showUnknown(reply)
    }
    if (!isOfBrowser(ctx)) return reply.redirect(withNext('/sign-in', { next: url }), 303)
    const session = signedIn(ctx)
    const { user } = session.principal
    if (!(await isOpenToUser(ctx, host, user))) {
      await refusals.record(ctx, { reason: 'host_rule', host })
      return showNotAllowed(request, reply, host)
    }
    const requirement = requirementIn(query, ctx.now)
    if (!fulfils(session.principal.session, requirement)) {
      if (!(await canReach(session, requirement.least))) return showUnmet(request, reply, host, requirement.least)
      return reply.redirect(withNext(confirmPath(requirement), { next: url }), 303)
    }
    return leaveByLink(reply, `${originOf(back)}/.doorward/enter?code=${await codeFor(session, host, back.leaving)}`)
  })
}

/** A program that holds a session of its own is not signed in at any host with it. */
function isOfBrowser({ principal }: Pick<Context, 'principal'>): boolean {
  return principal.kind === 'session' && principal.session.transport === 'cookie'
}

async function codeFor(
  ctx: WithSession<'db' | 'now' | 'random'>,
  host: ProtectedHost,
  leaving: string,
): Promise<string> {
  const { session, user } = ctx.principal
  return (await issueHostCode(ctx, { host, session, subject: user.subject, leaving })).reveal()
}

function showUnknown(reply: FastifyReply): FastifyReply {
  const { forwardAuth, error } = texts(localeOf(reply))
  return sendPage(reply, {
    title: forwardAuth.unknown.title,
    frame: 'card',
    above: lineDrawing('bolted'),
    status: 403,
    body: html`<p class="lead">${forwardAuth.refused.host_unknown}</p>
      ${longButtonRow(linkButton('/', error.home))}`,
  })
}

/** Neither roles nor groups are named. */
function showNotAllowed(request: FastifyRequest, reply: FastifyReply, { name }: ProtectedHost): FastifyReply {
  const { forwardAuth, openid, error } = texts(localeOf(reply))
  const { notAllowed } = forwardAuth
  return sendPage(reply, {
    title: notAllowed.title(name),
    heading: withNames(notAllowed.title, name),
    frame: 'card',
    above: lineDrawing('bolted'),
    status: 403,
    body: html`<p class="lead">${notAllowed.text}</p>
      ${whoIsSignedIn(request, reply, quietLink('/sign-out', openid.notYou))}
      ${longButtonRow(linkButton('/', error.home))}`,
  })
}

/** Says which protection the host asks for, and leads to the page that adds it. */
async function showUnmet(
  request: FastifyRequest,
  reply: FastifyReply,
  { name }: ProtectedHost,
  least: AssuranceLevel = 'two-factors',
): Promise<FastifyReply> {
  const { forwardAuth, openid, error } = texts(localeOf(reply))
  const { unmet: words } = openid
  const path = await additionPath(request, least)
  const home = linkButton('/', error.home)
  return sendPage(reply, {
    title: words.title(name),
    heading: withNames(words.title, name),
    frame: 'card',
    above: lineDrawing('bolted'),
    status: 403,
    body: html`<p class="lead">${withNames((host) => words.lead(host, least), name)}</p>
      <p>${path === undefined ? words.notAllowed : forwardAuth.unmet.addThen}</p>
      ${path === undefined ? longButtonRow(home) : longButtonRow(primaryLink(path, words.add(least)), home)}`,
  })
}
