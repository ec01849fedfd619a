import type { App } from '../web/app.ts'
import { activityExportPages } from './activity/activity-export.pages.ts'
import { activityPages } from './activity/activity.pages.ts'
import { bulkPages } from './users/bulk.pages.ts'
import { chainPages } from './activity/chain.pages.ts'
import { checkupPages } from './checkup/checkup.pages.ts'
import { inviteAgainPages } from './invitations/invite-again.pages.ts'
import { newUserPages } from './invitations/new-user.pages.ts'
import { lookUpPages } from './refusals/look-up.pages.ts'
import { refusalPages } from './refusals/refusal.pages.ts'
import { userPages } from './user/user.pages.ts'
import { overviewPages } from './overview/overview.pages.ts'
import { usersPages } from './users/users.pages.ts'

/** Everything below `/admin`. */
export function administrationPages(app: App): void {
  overviewPages(app)
  usersPages(app)
  userPages(app)
  newUserPages(app)
  bulkPages(app)
  inviteAgainPages(app)
  activityPages(app)
  activityExportPages(app)
  chainPages(app)
  lookUpPages(app)
  refusalPages(app)
  checkupPages(app)
}
