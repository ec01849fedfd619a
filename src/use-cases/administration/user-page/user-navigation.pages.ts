// The navigation beside the page of a user.
import type { SideNavigation } from '#foundation/web/components/side-navigation.ts'
import { mayDo, mayHelp, userPath, type UserReader } from '../access/user-reader.pages.ts'
import { hasAccountActions } from '../account-status/account-actions.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'

/** The sections of the page, and the list above it. */
export function userNavigation(reader: UserReader): SideNavigation {
  const { say, user, permissions } = reader
  const here = userPath(user)
  const { details, factors, sessions, activity, danger } = say.user
  const secondStep = { path: `${here}#second-step`, label: factors.title, drawing: 'shield' } as const
  const help = { path: `${here}#help`, label: say.user.help.title, drawing: 'key' } as const
  const offered = mayHelp(reader) ? [help] : []
  return {
    label: say.user.navigation,
    links: [
      { path: `${here}#details`, label: details.title, drawing: 'user' },
      ...(mayDo(reader, 'users:write') ? [secondStep, ...offered] : [...offered, secondStep]),
      { path: `${here}#sessions`, label: sessions.title, drawing: 'device' },
      { path: `${here}#api-tokens`, label: say.tokens.title, drawing: 'code' },
      ...(permissions.includes('audit:read')
        ? ([{ path: `${here}#activity`, label: activity.title, drawing: 'activity' }] as const)
        : []),
      ...(hasAccountActions(reader)
        ? ([{ path: `${here}#danger`, label: danger.title, drawing: 'trash' }] as const)
        : []),
    ],
    back: { path: USERS_PATH, label: say.users.title },
  }
}
