// What users change and read of their own account.
import type { App } from '#foundation/web/http/app.ts'
import { ownActivityRoutes } from './activity/own-activity.routes.ts'
import { ownClientsRoutes } from './apps/own-clients.routes.ts'
import { ownAttributesRoutes } from './attributes/own-attributes.routes.ts'
import { ownGroupsRoutes } from './groups/own-groups.routes.ts'
import { ownNoticesRoutes } from './notices/own-notices.routes.ts'
import { objectionsRoutes } from './objections/objections.routes.ts'
import { ownPasskeysRoutes } from './passkeys/own-passkeys.routes.ts'
import { profileRoutes } from './profile/profile.routes.ts'
import { ownRecoveryCodesRoutes } from './recovery-codes/own-recovery-codes.routes.ts'
import { ownDevicesRoutes } from './remembered-devices/own-devices.routes.ts'
import { ownFactorsRoutes } from './security/own-factors.routes.ts'
import { ownSessionsRoutes } from './sessions/own-sessions.routes.ts'
import { ownTokensRoutes } from './tokens/own-tokens.routes.ts'
import { ownAppsRoutes } from './totp/own-apps.routes.ts'

/** Every route below `/users/me`. */
export function accountRoutes(app: App): void {
  profileRoutes(app)
  ownAttributesRoutes(app)
  ownNoticesRoutes(app)
  ownSessionsRoutes(app)
  ownDevicesRoutes(app)
  ownFactorsRoutes(app)
  ownAppsRoutes(app)
  ownPasskeysRoutes(app)
  ownRecoveryCodesRoutes(app)
  ownTokensRoutes(app)
  ownActivityRoutes(app)
  objectionsRoutes(app)
  ownGroupsRoutes(app)
  ownClientsRoutes(app)
}
