// The page that signs a browser in at a protected host: it leads to the sign-in and to what the host requires beyond, and then back with a code.
import type { FastifyReply } from 'fastify'

import { issueHostCode } from '#domain/hosts/host-session.service.ts'
import { findHostByName } from '#domain/hosts/host.service.ts'
import type { ProtectedHost } from '#domain/hosts/host.ts'
import { fulfils } from '#domain/sessions/reauthentication.ts'
import type { Context, WithSession } from '#foundation/context.ts'
import { texts } from '#foundation/texts/texts.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { leaveByLink, localeOf, sendPage } from '#foundation/web/pages/page.ts'
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
      return showNotAllowed(reply, host)
    }
    const requirement = requirementIn(query, ctx.now)
    if (!fulfils(session.principal.session, requirement)) {
      if (!(await canReach(session, requirement.least))) return showUnmet(reply, host)
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
  const { notAllowed, refused } = texts(localeOf(reply)).forwardAuth
  const body = html`<p class="lead">${refused.host_unknown}</p>`
  return sendPage(reply, { title: notAllowed.title, frame: 'card', status: 403, body })
}

function showNotAllowed(reply: FastifyReply, { name }: ProtectedHost): FastifyReply {
  const { notAllowed } = texts(localeOf(reply)).forwardAuth
  const body = html`<p class="lead">${notAllowed.text(name)}</p>`
  return sendPage(reply, { title: notAllowed.title, frame: 'card', status: 403, body })
}

function showUnmet(reply: FastifyReply, { name }: ProtectedHost): FastifyReply {
  const { unmet } = texts(localeOf(reply)).forwardAuth
  const body = html`<p class="lead">${unmet.text(name)}</p>
    <p>${primaryLink('/account/security', unmet.link)}</p>`
  return sendPage(reply, { title: unmet.title, frame: 'card', status: 403, body })
}
