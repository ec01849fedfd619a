import type { App } from '#foundation/web/http/app.ts'
import { ownActivityPages } from './activity/own-activity.pages.ts'
import { ownSignInsPages } from './apps/own-sign-ins.pages.ts'
import { startPages } from './apps/start-page.pages.ts'
import { ownGroupsPages } from './groups/own-groups.pages.ts'
import { ownNoticesPages } from './notices/own-notices.pages.ts'
import { objectionPages } from './objections/objection.pages.ts'
import { ownRequestsPages } from './objections/own-requests.pages.ts'
import { newPasskeyPages } from './passkeys/new-passkey.pages.ts'
import { ownPasskeysPages } from './passkeys/own-passkeys.pages.ts'
import { ownPasswordPages } from './password/own-password.pages.ts'
import { deletionPages } from './profile/deletion.pages.ts'
import { profilePages } from './profile/profile.pages.ts'
import { recoveryCodesPages } from './recovery-codes/recovery-codes.pages.ts'
import { ownDevicesPages } from './remembered-devices/own-devices.pages.ts'
import { securityPages } from './security/security.pages.ts'
import { ownSessionsPages } from './sessions/own-sessions.pages.ts'
import { newTokenPages } from './tokens/new-token.pages.ts'
import { revocationPages } from './tokens/own-tokens.pages.ts'
import { newAppPages } from './totp/new-app.pages.ts'
import { ownAppsPages } from './totp/own-apps.pages.ts'

/** Every page below `/account`. */
export function accountPages(app: App): void {
  startPages(app)
  ownSignInsPages(app)
  profilePages(app)
  deletionPages(app)
  ownNoticesPages(app)
  securityPages(app)
  ownPasswordPages(app)
  ownAppsPages(app)
  newAppPages(app)
  ownPasskeysPages(app)
  newPasskeyPages(app)
  recoveryCodesPages(app)
  ownSessionsPages(app)
  ownDevicesPages(app)
  newTokenPages(app)
  revocationPages(app)
  ownActivityPages(app)
  ownRequestsPages(app)
  objectionPages(app)
  ownGroupsPages(app)
}
