// The paths of the provider that several of its files name. Tested in test/stories/openid.test.ts.
import { OPENID_PATH } from '#domain/clients/issuer.ts'

export { OPENID_PATH }

/** Where an app sends the browser of its user. */
export const AUTHORIZATION_PATH = `${OPENID_PATH}/auth`

/** Where an app pushes a request before it sends a browser (RFC 9126). */
export const PUSHED_REQUEST_PATH = `${OPENID_PATH}/request`

/** Where an app sends the browser of a user who signs out there. */
export const END_SESSION_PATH = `${OPENID_PATH}/session/end`

/** Where a user types the code of a device; and a shorter path to it, which devices show. */
export const DEVICE_PATH = `${OPENID_PATH}/device`
export const SHORT_DEVICE_PATH = '/device'

/** The grant type of RFC 8628 §3.4. */
export const DEVICE_GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code'

/** Returns the path of the page on which a user does what an authorization asks for. */
export function interactionPath(uid: string): string {
  return `${OPENID_PATH}/interaction/${encodeURIComponent(uid)}`
}
