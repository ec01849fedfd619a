// Who is signed in, on a page on which that user decides about an app, or is refused.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { texts } from '#foundation/texts/texts.ts'
import { avatar } from '#foundation/web/components/avatar.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { localeOf } from '#foundation/web/pages/page.ts'

/** The user with their face and the username, which they may have forgotten; `leave` ends the session for another user. */
export function whoIsSignedIn({ ctx }: Pick<FastifyRequest, 'ctx'>, reply: FastifyReply, leave?: Html): Html {
  const { openid: words } = texts(localeOf(reply))
  const { user } = signedIn(ctx).principal
  const { username, fullName } = user
  return html`<div class="with-avatar">
    ${avatar(user)}
    <div>
      <div class="name">${isolated(fullName || username)}</div>
      <div class="small">${fullName ? withNames(words.signedInAs, username) : words.signedIn} ${leave}</div>
    </div>
  </div>`
}
