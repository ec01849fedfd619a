import type { App } from '../web/app.ts'
import { activityExportPages } from './activity-export.pages.ts'
import { activityPages } from './activity.pages.ts'
import { bulkPages } from './bulk.pages.ts'
import { chainPages } from './chain.pages.ts'
import { checkupPages } from './checkup.pages.ts'
import { inviteAgainPages } from './invite-again.pages.ts'
import { newUserPages } from './new-user.pages.ts'
import { userPages } from './user.pages.ts'
import { overviewPages } from './overview.pages.ts'
import { usersPages } from './users.pages.ts'

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
  checkupPages(app)
}
