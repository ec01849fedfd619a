import type { FastifyReply, FastifyRequest } from 'fastify'

import { ApiTokenParameters } from '../../../domain/api-tokens/api-token.schema.ts'
import { readApiToken } from '../../../domain/api-tokens/api-token.service.ts'
import { withoutTurns } from '../../../foundation/kernel/given-name.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { buttonRow, linkButton, confirmDangerButton } from '../../../foundation/web/components/button.ts'
import { withNames } from '../../../foundation/web/components/person-name.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { redirectWithFlash, localeOf, sendPage } from '../../../foundation/web/pages/page.ts'
import { answerOf } from '../../../foundation/web/pages/form.ts'
import { formToken } from '../../../foundation/web/http/form-token.ts'
import { html } from '../../../foundation/web/html.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import { revokeOwnToken } from './own-tokens.service.ts'
import { revocationPath } from './tokens-section.pages.ts'

const PATH = '/account/security/tokens/revoke/:id'

const config = { access: 'signed-in', page: true, undocumented: true } as const
const schema = { params: ApiTokenParameters }

type OfOneToken = FastifyRequest<{ Params: { id: string } }>

/** Revokes an API token after a question, since every script that uses the token stops working. */
export function revocationPages(app: App): void {
  app.get(PATH, { config, schema }, (request, reply) => showRevocation(request, reply))

  app.post(PATH, { config, schema }, async (request, reply) => {
    const { refusal } = await answerOf(revokeOwnToken(signedIn(request.ctx), request.params.id))
    // A token that is gone already, by a repeated submission or by expiry, is a success.
    if (refusal && refusal.code !== 'api_token.not_found') throw refusal
    return redirectWithFlash(reply, '/account/security?done=token-revoked#api-tokens')
  })
}

async function showRevocation(request: OfOneToken, reply: FastifyReply): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { revocation } = say.tokens
  const ctx = signedIn(request.ctx)
  const { id, name } = await readApiToken(ctx, { subject: ctx.principal.user.subject, id: request.params.id })
  return sendPage(reply, {
    title: [revocation.title(withoutTurns(name)), say.security.title],
    heading: withNames(revocation.title, name),
    frame: 'account',
    body: html`<p>${revocation.question}</p>
      <form method="post" action="${revocationPath(id)}">
        ${formToken(request)}
        ${buttonRow(confirmDangerButton(revocation.submit), linkButton('/account/security', revocation.cancel))}
      </form>
      ${apiEquivalent(say, ctx.config, { method: 'DELETE', path: `/users/me/tokens/${id}` })}`,
  })
}
