// Devices that sign their user in to an app by a code (RFC 8628): what they ask, and what their user does with the code.
import assert from 'node:assert/strict'

import { storeDeviceCode } from '#domain/grants/device-code.service.ts'
import { newTokenValue } from '#domain/grants/token.service.ts'
import { DEVICE_CODE_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { Visitor } from '../pages/visitor.ts'
import type { Reply } from '../people/people.ts'
import type { Server } from '../server/start.ts'
import type { TestApp } from './apps.ts'
import { type Parameters, postAs, type Sender } from './attack-scene.ts'

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** An app whose devices may sign in, as its row says. */
export const PLAYER = { name: 'Player', deviceSignIn: true } as const

export interface AskedCodes {
  readonly deviceCode: string
  readonly userCode: string
}

/** Lets a device of an app ask for its codes. */
export async function codesFor(
  server: Server,
  app: TestApp,
  fields: Parameters = {},
  from: Sender = {},
): Promise<AskedCodes> {
  const { status, body, raw } = await postAs(server, app, '/device/auth', { scope: 'openid profile', ...fields }, from)
  assert.equal(status, 200, raw.body)
  return { deviceCode: String(body['device_code']), userCode: String(body['user_code']) }
}

/** Lets a device ask for its tokens. */
export function poll(
  server: Server,
  app: TestApp,
  { deviceCode }: Pick<AskedCodes, 'deviceCode'>,
  from: Sender = {},
): Promise<Reply> {
  return postAs(server, app, '/token', { grant_type: DEVICE_GRANT, device_code: deviceCode }, from)
}

/** Types the code; returns the fields of the form with which the user allows or denies the device. */
export async function typesCode(visitor: Visitor, userCode: string): Promise<Readonly<Record<string, string>>> {
  const { body, statusCode } = await visitor.submit('/oidc/device', { user_code: userCode })
  const revision = /name="revision" value="([\d ]+)"/.exec(body)?.[1]
  assert.ok(revision, `no question, ${statusCode}: ${body}`)
  return { user_code: userCode, revision }
}

/** Types the code and allows the device. */
export async function allows(visitor: Visitor, userCode: string): Promise<void> {
  const { body } = await visitor.submit('/oidc/device/allow', await typesCode(visitor, userCode))
  assert.match(body, /The device is signed in/)
}

const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'

/** Lets a device of an app wait, as the services do, where the clock of the server is not that of the protocol's library. */
export async function waitingDevice(
  server: Server,
  clientId: string,
  { scope = 'openid profile', ipAddress = '203.0.113.7', ...more }: Readonly<Record<string, string>> = {},
): Promise<string> {
  const ctx = server.operator()
  const userCode = [...ctx.random(8)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
  const [iat, exp] = [Math.floor(ctx.now / 1000), Math.floor((ctx.now + DEVICE_CODE_LIFETIME) / 1000)]
  const from = { ipAddress, network: ipAddress }
  const payload = JSON.stringify({ kind: 'DeviceCode', iat, exp, params: { scope, ...more }, from })
  const value = newTokenValue(ctx, 'device')
  assert.ok(await storeDeviceCode(ctx, { value, userCode, clientId, payload, expiresAt: exp * 1000 }))
  return userCode
}
