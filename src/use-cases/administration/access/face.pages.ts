import type { User } from '#domain/users/user.ts'
import { avatar } from '#foundation/web/components/avatar.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userPath } from './user-reader.pages.ts'

/** A user with their face, in the middle of a line; the link leads to what a policy requires of them. */
export function requiredFace(user: User): Html {
  return html`<span class="face"
    >${avatar(user, { size: 'small' })}<a href="${userPath(user, '#requirements')}">${name(user.username)}</a></span
  >`
}
