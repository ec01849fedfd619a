import type { App } from '../web/app.ts'
import { ownActivityRoutes } from './activity/own-activity.routes.ts'
import { ownFactorsRoutes } from './factors/own-factors.routes.ts'
import { ownPasskeysRoutes } from './factors/own-passkeys.routes.ts'
import { ownRecoveryCodesRoutes } from './factors/own-recovery-codes.routes.ts'
import { ownSessionsRoutes } from './sessions/own-sessions.routes.ts'
import { profileRoutes } from './profile/profile.routes.ts'
import { ownTokensRoutes } from './tokens/own-tokens.routes.ts'

/** Everything below `/users/me`: what people do to themselves. */
export function accountRoutes(app: App): void {
  profileRoutes(app)
  ownSessionsRoutes(app)
  ownFactorsRoutes(app)
  ownPasskeysRoutes(app)
  ownRecoveryCodesRoutes(app)
  ownTokensRoutes(app)
  ownActivityRoutes(app)
}
