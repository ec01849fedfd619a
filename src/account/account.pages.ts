import type { App } from '../web/app.ts'
import { deletionPages } from './deletion.pages.ts'
import { newAppPages } from './new-app.pages.ts'
import { ownActivityPages } from './own-activity.pages.ts'
import { ownFactorsPages } from './own-factors.pages.ts'
import { ownPasswordPages } from './own-password.pages.ts'
import { ownSessionsPages } from './own-sessions.pages.ts'
import { profilePages } from './profile.pages.ts'
import { securityPages } from './security.pages.ts'

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
