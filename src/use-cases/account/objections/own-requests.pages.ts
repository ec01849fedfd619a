import type { FastifyReply, FastifyRequest } from 'fastify'

import { ApprovalReference } from '#domain/approvals/approval.schema.ts'
import type { NamedApproval } from '#domain/approvals/approval.service.ts'
import { changeName } from '#domain/approvals/approval.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { quietButton } from '#foundation/web/components/button.ts'
import { deadline, type MomentReader } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { banner } from '#foundation/web/components/status.ts'
import { dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { localeOf, redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { listRequestsAboutMe, objectInAccount } from './objections.service.ts'
import { requestDetails } from './request-details.pages.ts'

const PATH = '/account/security/requests'

/** Lists the requests of admins about the signed-in user, each with a button that ends it. */
export function ownRequestsPages(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true } as const
  app.get(PATH, { config }, showRequests)

  app.post(`${PATH}/:id/object`, { config, schema: { params: ApprovalReference } }, async ({ ctx, params }, reply) => {
    await objectInAccount(signedIn(ctx), params.id)
    return redirectWithFlash(reply, `${PATH}?done=objected`)
  })
}

async function showRequests(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const ctx = signedIn(request.ctx)
  const { objections: words } = say
  const reader = { say, now: ctx.now, timeZone: ctx.principal.user.timeZone }
  return sendPage(reply, {
    title: [words.title, say.security.title],
    up: { href: '/account/security', label: say.security.title },
    done: flashSentence(words.done, readFlash(reply)),
    body: html`<p class="lead">${words.lead}</p>
      ${requestTable(reader, await listRequestsAboutMe(ctx), formToken(request))}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/users/me/approvals', needsSession: true }),
  })
}

function requestTable(reader: MomentReader, requests: readonly NamedApproval[], token: Html): Html {
  const { approvals, objections: words, events } = reader.say
  return dataTable({
    caption: words.table,
    columns: [
      ...[approvals.change, approvals.askedBy, approvals.readyAt].map((label) => ({ label })),
      screenReaderColumn(words.object),
    ],
    rows: requests.map(({ approval, asker }) => ({
      cells: [
        html`${withNames(approvals.changes[changeName(approval)], approval.targetName)}
        ${requestDetails(reader.say, approval)}`,
        asker === null ? events.unnamed : name(asker.username),
        deadline(reader, approval.readyAt),
        html`<form method="post" action="${PATH}/${approval.id}/object">${token} ${quietButton(words.object)}</form>`,
      ],
    })),
    empty: html`<p>${words.none}</p>`,
  })
}

/** Leads to the requests about the signed-in user; undefined if there is none. */
export function requestsBanner({ objections: words }: Texts, requests: number): Html | undefined {
  return requests === 0 ? undefined : banner('warn', html`${words.banner} <a href="${PATH}">${words.review}</a>`)
}
