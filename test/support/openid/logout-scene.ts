// A user who is signed in by a browser to an app that hears of endings.
import type { TestContext } from 'node:test'

import type { ClientFields } from '#domain/clients/client.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { ownPageScene, type OwnPageScene, stored } from '../pages/page-scenes.ts'
import { grantIn, type TestGrant } from './app-grants.ts'
import { registerApp, type TestApp } from './apps.ts'
import { type LogoutReceiver, notifyApps, startReceiver } from './logout-receiver.ts'

export interface LogoutScene extends OwnPageScene {
  readonly app: TestApp
  readonly receiver: LogoutReceiver
  readonly subject: string
  /** What ada's browser got at the app. */
  readonly grant: TestGrant
}

/** Ada is signed in to an app by her browser. */
export async function logoutScene(
  t: TestContext,
  dialect: Dialect,
  fields: Partial<ClientFields> = {},
): Promise<LogoutScene> {
  const scene = await ownPageScene(t, { dialect })
  const receiver = await startReceiver(t)
  const app = await registerApp(scene.server, { backchannelUri: receiver.uri, ...fields })
  // What ended before is read now: without an app it is left unread.
  await notifyApps(scene.server)
  const grant = await grantIn(scene.server, scene.browser, { app: app.client.id })
  const { subject } = await stored(scene.server, scene.ada.username)
  return { ...scene, app, receiver, subject, grant }
}

/** What the receiver heard: the session of each token, `all` for one about all sessions. */
export function notified({ received }: LogoutReceiver): string[] {
  return received.map(({ claims: { sid } }) => (typeof sid === 'string' ? sid : 'all')).toSorted()
}
