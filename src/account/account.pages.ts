import type { App } from '../web/app.ts'
import { deletionPages } from './profile/deletion.pages.ts'
import { newAppPages } from './factors/new-app.pages.ts'
import { newPasskeyPages } from './factors/new-passkey.pages.ts'
import { ownActivityPages } from './activity/own-activity.pages.ts'
import { ownFactorsPages } from './factors/own-factors.pages.ts'
import { ownPasskeysPages } from './factors/own-passkeys.pages.ts'
import { ownPasswordPages } from './password/own-password.pages.ts'
import { ownSessionsPages } from './sessions/own-sessions.pages.ts'
import { recoveryCodesPages } from './factors/recovery-codes.pages.ts'
import { profilePages } from './profile/profile.pages.ts'
import { securityPages } from './security/security.pages.ts'
import { newTokenPages } from './tokens/new-token.pages.ts'
import { revocationPages } from './tokens/revocation.pages.ts'

/** Everything below `/account`: what people do to themselves. */
export function accountPages(app: App): void {
  profilePages(app)
  deletionPages(app)
  securityPages(app)
  ownPasswordPages(app)
  ownFactorsPages(app)
  newAppPages(app)
  ownPasskeysPages(app)
  newPasskeyPages(app)
  recoveryCodesPages(app)
  ownSessionsPages(app)
  newTokenPages(app)
  revocationPages(app)
  ownActivityPages(app)
}
