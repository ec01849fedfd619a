import type { App } from '#foundation/web/http/app.ts'
import { authorizationPages } from './authorization.pages.ts'
import { devicePages } from './device.pages.ts'
import { endSessionPages } from './end-session.pages.ts'
import { interactionPages } from './interaction.pages.ts'
import type { OpenId } from './openid.service.ts'
import { trialPages } from './trial.pages.ts'

/** What apps send browsers to, and the page that tries it. Without an app, its routes answer 404. */
export function openidPages(app: App, openid: OpenId): void {
  authorizationPages(app, openid)
  interactionPages(app, openid)
  endSessionPages(app, openid)
  devicePages(app, openid)
  trialPages(app, openid)
}
