import type { FastifyReply } from 'fastify'

import { readApiToken } from '#domain/api-tokens/api-token.service.ts'
import type { ApiToken } from '#domain/api-tokens/api-token.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, linkButton } from '#foundation/web/components/button.ts'
import { moment, momentOrNever } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { factList, foldedRows, type ListRow, panel, pieces, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { unlessGone } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { readUser } from '../access/access.service.ts'
import { mayDo, refIn, UserPageParameters, userPath, type UserReader, userReader } from '../access/user-reader.pages.ts'
import { revokeTokenOf } from './tokens.service.ts'

const PATH = '/admin/users/:id/tokens/:tokenId/revoke'
const TokenParameters = Type.Object({ ...UserPageParameters.properties, tokenId: Type.String({ maxLength: 64 }) })

const config = { access: 'users:write', page: true, undocumented: true } as const
const schema = { params: TokenParameters }

/** Revokes a user's API token after a question, since every script that uses the token stops working. */
export function userTokensPages(app: App): void {
  app.get(PATH, { config, schema }, ({ params }, reply) => showTokenRevocation(reply, params))

  app.post(PATH, { config, schema }, async ({ ctx, params }, reply) => {
    const ref = refIn(params)
    await unlessGone('api_token.not_found', revokeTokenOf(ctx, ref, params.tokenId))
    return redirectWithFlash(reply, userPath(ref, '/sign-in?done=token-revoked#api-tokens'))
  })
}

function revocationPath(user: UserReader['user'], id: string): string {
  return userPath(user, `/tokens/${encodeURIComponent(id)}/revoke`)
}

/**
 * The section that lists a user's API tokens with names and dates, and with the host that one opens; admins do not see the scopes. `hosts` has the
 * names of hosts by id.
 */
export function userTokensSection(
  reader: UserReader,
  { tokens, hosts }: { readonly tokens: readonly ApiToken[]; readonly hosts: ReadonlyMap<string, string> },
): Html {
  const { say, config: settings, user } = reader
  const { title, ofUser } = say.tokens
  const rows = tokens.map((token) => userTokenRow(reader, token, hosts.get(token.hostId ?? '')))
  return section({
    id: 'api-tokens',
    title,
    body: tokens.length === 0 ? html`<p class="small">${ofUser.none}</p>` : foldedRows(say, rows),
    api: apiEquivalent(say, settings, { method: 'GET', path: `/users/${user.id}/tokens` }),
  })
}

/** @param host the protected host that the token opens */
function userTokenRow(reader: UserReader, token: ApiToken, host: string | undefined): ListRow {
  const { say, user } = reader
  const { made, lastUsed, expires, revoke, opens } = say.tokens
  const called = name(token.name)
  return {
    name: called,
    detail: pieces([
      ...(host === undefined ? [] : [html`${opens(host)}`]),
      html`${made} ${moment(reader, token.createdAt)}`,
      html`${lastUsed}: ${momentOrNever(reader, token.lastUsedAt)}`,
      html`${expires} ${moment(reader, token.expiresAt)}`,
    ]),
    ...(mayDo(reader, 'users:write') && {
      action: linkButton(revocationPath(user, token.id), html`${revoke}<span class="unseen"> – ${called}</span>`),
    }),
  }
}

async function showTokenRevocation(reply: FastifyReply, params: Static<typeof TokenParameters>): Promise<FastifyReply> {
  const { ctx } = reply.request
  const user = await readUser(ctx, refIn(params))
  const token = await readApiToken(ctx, { subject: user.subject, id: params.tokenId })
  const reader = userReader(reply, user)
  const { say, config: settings, formToken } = reader
  const { revocation, ofUser, made, lastUsed } = say.tokens
  return sendPage(reply, {
    title: [revocation.title(withoutTurns(token.name)), reader.name, say.users.title],
    heading: withNames(ofUser.question, token.name, reader.uniqueName),
    body: panel(
      html`<p>${revocation.question}</p>
        ${factList([
          [made, moment(reader, token.createdAt)],
          [lastUsed, momentOrNever(reader, token.lastUsedAt)],
        ])}
        <form method="post" action="${revocationPath(user, token.id)}">
          ${formToken}
          ${buttonRow(confirmDangerButton(revocation.submit), linkButton(userPath(user, '/sign-in'), revocation.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, settings, {
      method: 'DELETE',
      path: `/users/${user.id}/tokens/${token.id}`,
      needsSession: isPrivileged(user),
    }),
  })
}
