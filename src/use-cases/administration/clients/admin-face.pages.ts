import type { UserSummary } from '#domain/users/user.ts'
import { avatar } from '#foundation/web/components/avatar.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userPath } from '../access/user-reader.pages.ts'

/** An admin with their face, in the middle of a line. */
export function adminFace(admin: UserSummary): Html {
  return html`<span class="face"
    >${avatar(admin, { size: 'small' })}<a href="${userPath(admin)}">${isolated(admin.username)}</a></span
  >`
}
