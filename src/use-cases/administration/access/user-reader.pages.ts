// What every page about one user needs: whom it is about, who reads it, and where it is.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from '../../../foundation/web/http/type.ts'

import { withoutTurns } from '../../../foundation/kernel/writing-direction.ts'
import type { Config } from '../../../foundation/platform/config/types.ts'
import type { User } from '../../../domain/users/user.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import { formToken } from '../../../foundation/web/http/form-token.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'
import { localeOf } from '../../../foundation/web/pages/page.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import { userIdIn } from '../../../domain/users/user.ts'
import type { UserRef } from './access.service.ts'

/** As text: what is no id at all leads nowhere, as an id that nobody has. */
export const PersonParameters = Type.Object({ id: Type.String() })

export type PageRequest = Pick<FastifyRequest, 'ctx' | 'headers' | 'query' | 'body'>

export interface UserReader extends MomentReader {
  readonly config: Pick<Config, 'publicUrl'>
  readonly formToken: Html
  readonly user: User
  /** The page is about its reader. */
  readonly isOwn: boolean
  /** The session of the reader. */
  readonly sessionId: string
}

/** The user an address means; a name that is no id means nobody. */
export function refIn({ id }: { readonly id: string }): UserRef {
  return { id: userIdIn(id) ?? NaN }
}

export function readerFor(request: PageRequest, reply: FastifyReply, user: User): UserReader {
  const { principal, now, config } = signedIn(request.ctx)
  return {
    say: texts(localeOf(reply)),
    now,
    timeZone: principal.user.timeZone,
    config,
    formToken: formToken(request),
    user,
    isOwn: principal.user.subject === user.subject,
    sessionId: principal.session.id,
  }
}

/** The address of a user’s page, or of one below it. */
export function userPath({ id }: UserRef, below = ''): string {
  return `/admin/users/${id}${below}`
}

/** Their full name where there is one, as it can be shown. */
export function nameOfUser({ fullName, username }: Pick<User, 'fullName' | 'username'>): string {
  return withoutTurns(fullName?.trim() || username)
}

/** The same where it must be beyond doubt who is meant: several people may have one full name. */
export function uniqueNameOf(user: Pick<User, 'fullName' | 'username'>): string {
  const shown = nameOfUser(user)
  return shown === user.username ? shown : `${shown} (${user.username})`
}

/** A button that does something to the user at once. */
export function actionForm({ formToken: token, user }: UserReader, below: string, button: Html): Html {
  return html`<form method="post" action="${userPath(user, below)}">${token} ${button}</form>`
}
