import type { UserSummary } from '#domain/users/user.ts'
import { face } from '#foundation/web/components/avatar.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userPath } from '../access/user-reader.pages.ts'

/** An admin with their face, in the middle of a line. */
export function adminFace(admin: UserSummary): Html {
  return face(admin, html`<a href="${userPath(admin)}">${isolated(admin.username)}</a>`)
}
