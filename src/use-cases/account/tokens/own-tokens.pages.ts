import type { FastifyReply, FastifyRequest } from 'fastify'

import { ApiTokenParameters } from '#domain/api-tokens/api-token.schema.ts'
import { readApiToken } from '#domain/api-tokens/api-token.service.ts'
import type { ApiToken } from '#domain/api-tokens/api-token.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, linkButton, quietLink } from '#foundation/web/components/button.ts'
import { moment, momentOrNever } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { section, panel } from '#foundation/web/components/section.ts'
import { dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { unlessGone } from '#foundation/web/pages/form.ts'
import { localeOf, redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import type { SecurityReader } from '../own-account/own-account.pages.ts'
import { revokeOwnToken } from './own-tokens.service.ts'

const ID = 'api-tokens'
const REVOCATION = '/account/security/tokens/revoke'
export const NEW_TOKEN = '/account/security/tokens/new'

const config = { access: 'signed-in', page: true, undocumented: true } as const
const schema = { params: ApiTokenParameters }

type OfOneToken = FastifyRequest<{ Params: { id: string } }>

/** Revokes an API token after a question, since every script that uses the token stops working. */
export function revocationPages(app: App): void {
  app.get(`${REVOCATION}/:id`, { config, schema }, (request, reply) => showRevocation(request, reply))

  app.post(`${REVOCATION}/:id`, { config, schema }, async (request, reply) => {
    await unlessGone('api_token.not_found', revokeOwnToken(signedIn(request.ctx), request.params.id))
    return redirectWithFlash(reply, '/account/security?done=token-revoked#api-tokens')
  })
}

async function showRevocation(request: OfOneToken, reply: FastifyReply): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { revocation } = say.tokens
  const ctx = signedIn(request.ctx)
  const { id, name: called } = await readApiToken(ctx, { subject: ctx.principal.user.subject, id: request.params.id })
  return sendPage(reply, {
    title: [revocation.title(withoutTurns(called)), say.security.title],
    heading: withNames(revocation.title, called),
    body: panel(
      html`<p>${revocation.question}</p>
        <form method="post" action="${REVOCATION}/${encodeURIComponent(id)}">
          ${formToken(request)}
          ${buttonRow(confirmDangerButton(revocation.submit), linkButton('/account/security', revocation.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, ctx.config, { method: 'DELETE', path: `/users/me/tokens/${id}`, needsSession: true }),
  })
}

/** The section of the security page that lists the user's API tokens, the newest first. */
export function tokensSection(
  reader: SecurityReader,
  { tokens, hosts }: { readonly tokens: readonly ApiToken[]; readonly hosts: ReadonlyMap<string, string> },
): Html {
  const { say, config } = reader
  const { tokens: words } = say
  const table = dataTable({
    kind: 'compact',
    caption: words.table,
    columns: [
      ...[words.name, words.may, words.made, words.lastUsed, words.expires].map((label) => ({ label })),
      screenReaderColumn(words.actions),
    ],
    rows: tokens.map((token) => ({ cells: tokenCells(reader, token, hosts.get(token.hostId ?? '')) })),
    empty: html``,
  })
  return section({
    id: ID,
    title: words.title,
    lead: tokens.length === 0 ? words.none : words.lead,
    action: linkButton(NEW_TOKEN, words.add),
    ...(tokens.length > 0 && { body: table }),
    api: apiEquivalent(say, config, { method: 'GET', path: '/users/me/tokens', needsSession: true }),
  })
}

/** @param host the protected host that the token opens */
function tokenCells(reader: SecurityReader, token: ApiToken, host: string | undefined): (Html | string)[] {
  const { say } = reader
  const { tokens: words } = say
  const called = name(token.name)
  const scopes = token.scopes.map((scope) => words.scopes[scope].name).join(', ')
  const permissions = host === undefined ? scopes : words.opens(host)
  return [
    called,
    html`<div class="one-line" title="${permissions}">${permissions}</div>`,
    moment(reader, token.createdAt),
    momentOrNever(reader, token.lastUsedAt),
    moment(reader, token.expiresAt),
    quietLink(
      `${REVOCATION}/${encodeURIComponent(token.id)}`,
      html`${words.revoke}<span class="unseen"> – ${called}</span>`,
    ),
  ]
}

/** After a change of password: says that API tokens keep working, although sessions ended. Undefined if there are none. */
export function remainingTokensSentence(
  { security, tokens }: Texts,
  done: string | undefined,
  count: number,
): Html | undefined {
  if (done !== 'password' || count === 0) return undefined
  const link = html`<a class="whole" href="#${ID}">${tokens.liveOnLink}</a>`
  return html`${security.done.password} ${tokens.liveOn(count)} ${link}`
}
