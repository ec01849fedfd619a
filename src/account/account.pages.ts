import type { App } from '../web/app.ts'
import { deletionPages } from './profile/deletion.pages.ts'
import { newAppPages } from './factors/new-app.pages.ts'
import { ownActivityPages } from './activity/own-activity.pages.ts'
import { ownFactorsPages } from './factors/own-factors.pages.ts'
import { ownPasswordPages } from './password/own-password.pages.ts'
import { ownSessionsPages } from './sessions/own-sessions.pages.ts'
import { profilePages } from './profile/profile.pages.ts'
import { securityPages } from './security/security.pages.ts'

/** Everything below `/account`: what people do to themselves. */
export function accountPages(app: App): void {
  profilePages(app)
  deletionPages(app)
  securityPages(app)
  ownPasswordPages(app)
  ownFactorsPages(app)
  newAppPages(app)
  ownSessionsPages(app)
  ownActivityPages(app)
}
