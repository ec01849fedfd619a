// The reader of a page, and what every page about one user needs.
import type { FastifyReply } from 'fastify'

import { mayManage } from '#domain/roles/role.ts'
import { type User, userIdIn } from '#domain/users/user.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { type Permission, permissionsOf, type SessionPrincipal } from '#foundation/kernel/principal.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { texts } from '#foundation/texts/texts.ts'
import type { MomentReader } from '#foundation/web/components/moments.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { Type } from '#foundation/web/http/type.ts'
import { localeOf } from '#foundation/web/pages/page.ts'
import type { UserRef } from './access.service.ts'

/** Kept as text, so that a malformed id answers 404 like an unknown one. */
export const UserPageParameters = Type.Object({ id: Type.String() })

export interface AdminReader extends MomentReader {
  readonly config: Config
  readonly formToken: Html
  readonly principal: SessionPrincipal
  /** What the reader may do; a page shows nothing that would be refused. */
  readonly permissions: readonly Permission[]
}

export interface UserReader extends AdminReader {
  readonly user: User
  /** The page is about its reader. */
  readonly isOwn: boolean
  /** The full name, else the username, as `withoutTurns` shows it. */
  readonly name: string
  /** The name with the username, since several users may have the same full name. */
  readonly uniqueName: string
}

/** The reader of a page: the principal of the request. */
export function adminReader(reply: FastifyReply): AdminReader {
  const { principal, now, config } = signedIn(reply.request.ctx)
  const say = texts(localeOf(reply))
  const permissions = permissionsOf(principal)
  const { timeZone } = principal.user
  return { say, now, timeZone, config, formToken: formToken(reply.request), principal, permissions }
}

export function userReader(reply: FastifyReply, user: User): UserReader {
  const reader = adminReader(reply)
  const name = withoutTurns(user.fullName?.trim() || user.username)
  const uniqueName = name === user.username ? name : `${name} (${user.username})`
  return { ...reader, user, isOwn: reader.principal.user.subject === user.subject, name, uniqueName }
}

type ReadUser = Pick<UserReader, 'permissions' | 'user'>

/** Whether the reader may do to the user what needs this permission: they need those of the user's role too. */
export function mayDo({ permissions, user }: ReadUser, permission: Permission): boolean {
  return permissions.includes(permission) && mayManage(permissions, user.rolePermissions)
}

/** Whether the reader may help the user, as a help desk does: only a user without permissions. */
export function mayHelp({ permissions, user }: ReadUser): boolean {
  return permissions.includes('users:help') && user.rolePermissions.length === 0
}

/** Whether the reader may do to the user what the help desk may do to users without permissions, and these permissions to others. */
export function mayDoOrHelp(reader: ReadUser, ...further: readonly Permission[]): boolean {
  return mayHelp(reader) || further.some((permission) => mayDo(reader, permission))
}

/** The user that a URL names; a malformed id becomes NaN, which no user has. */
export function refIn({ id }: { readonly id: string }): UserRef {
  return { id: userIdIn(id) ?? NaN }
}

export function userPath({ id }: UserRef, below = ''): string {
  return `/admin/users/${id}${below}`
}

/** A form with one button that acts on the user without a question. */
export function actionForm({ formToken: token, user }: UserReader, below: string, button: Html): Html {
  return html`<form method="post" action="${userPath(user, below)}">${token} ${button}</form>`
}
