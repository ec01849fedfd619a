// The menu in each row of the list of users.
import { mayManage } from '#domain/roles/role.ts'
import { statusOf, type User } from '#domain/users/user.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { rowMenu } from '#foundation/web/components/menu.ts'
import { relatively } from '#foundation/web/components/moments.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { type AdminReader, mayDoOrHelp, userPath } from '../access/user-reader.pages.ts'

const FORM_ID = 'user-menu'

/** The form of the buttons in all menus. They name it, because a row is inside the form of the bulk actions, and forms cannot be nested. */
export function userMenuForm({ formToken }: AdminReader): Html {
  return html`<form method="post" id="${FORM_ID}" hidden>${formToken}</form>`
}

/** Leads to the pages for one user. What takes away the reader's own access is not among them: it is on the page Security. */
export function userMenu(reader: AdminReader, user: User, invitationEnd: Instant | undefined): Html {
  const { say, principal, permissions } = reader
  const { menu, menuFor } = say.users
  const { id, username, disabled, secondFactorAt } = user
  const link = (below: string, label: string, kind?: 'danger'): Html =>
    html`<a href="${userPath(user, below)}" ${kind && html`class="${kind}"`}>${label}</a>`
  const enable = html`<button type="submit" form="${FORM_ID}" formaction="${userPath(user, '/enable')}">
    ${menu.enable}
  </button>`
  const isManaged = mayManage(permissions, user.rolePermissions)
  const mayWrite = isManaged && permissions.includes('users:write')
  const mayReset = mayDoOrHelp({ permissions, user }, 'users:reset-factors')
  const isOther = id !== principal.user.id
  const mayBeIn = isOther && !disabled && statusOf(user) !== 'invited'
  // An externally inserted row may hold a TOTP secret that is not sealed yet.
  const mayHaveStep = isOther && (secondFactorAt !== null || user.insertedExternally)
  const about = invitationInWords(reader, invitationEnd)
  return rowMenu({
    label: withNames(menuFor, username),
    about: about === undefined ? undefined : html`${about}`,
    entries: [
      link('', menu.open),
      ...(mayWrite && secondFactorAt === null && !disabled ? [link('/invitation', menu.invite)] : []),
      ...(mayWrite && mayBeIn ? [link('/sign-out', menu['sign-out'])] : []),
      ...(mayReset && mayHaveStep ? [link('/reset-second-step', menu.reset)] : []),
      ...(mayWrite && isOther
        ? [disabled ? enable : link('/disable', menu.disable), link('/delete', menu.remove, 'danger')]
        : []),
    ],
  })
}

/** When the invitation expires, or that it has; undefined for a user without one. */
export function invitationInWords(reader: AdminReader, end: Instant | undefined): string | undefined {
  if (end === undefined) return undefined
  const { invitationEnds, invitationEnded } = reader.say.users
  return end <= reader.now ? invitationEnded : `${invitationEnds} ${relatively(reader, end)}`
}
