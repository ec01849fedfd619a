// What every page about one user needs: the user, the reader, and the URL.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from '../../../foundation/web/http/type.ts'

import { withoutTurns } from '../../../foundation/kernel/given-name.ts'
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

/** Kept as text, so that a malformed id answers 404 like an unknown one. */
export const UserPageParameters = Type.Object({ id: Type.String() })

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

/** The user that a URL names; a malformed id becomes NaN, which no user has. */
export function refIn({ id }: { readonly id: string }): UserRef {
  return { id: userIdIn(id) ?? NaN }
}

/** The reader of a page about `user`: the principal of the request. */
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

/** The path of a user’s page, or of a page below it. */
export function userPath({ id }: UserRef, below = ''): string {
  return `/admin/users/${id}${below}`
}

/** The full name, else the username, as `withoutTurns` shows it. */
export function nameOfUser({ fullName, username }: Pick<User, 'fullName' | 'username'>): string {
  return withoutTurns(fullName?.trim() || username)
}

/** The full name with the username, since several users may have the same full name. */
export function uniqueNameOf(user: Pick<User, 'fullName' | 'username'>): string {
  const shown = nameOfUser(user)
  return shown === user.username ? shown : `${shown} (${user.username})`
}

/** A form with one button that acts on the user without a question. */
export function actionForm({ formToken: token, user }: UserReader, below: string, button: Html): Html {
  return html`<form method="post" action="${userPath(user, below)}">${token} ${button}</form>`
}
