// What a device asked for, as it is stored with its code, and what the code says once its user has approved it.
// Tested in test/stories/openid-devices.test.ts.
import { acrOf, acrsInClaims, amrOf, leastLevelOf } from '#domain/grants/authentication-context.ts'
import type { DeviceCode } from '#domain/grants/device-code.ts'
import type { AuthenticationRequirement } from '#domain/sessions/reauthentication.ts'
import type { SessionFacts } from '#foundation/kernel/principal.ts'

/** The payload of a device code that waits. */
export interface StoredDeviceCode {
  readonly kind: 'DeviceCode'
  readonly iat: number
  readonly exp: number
  readonly params: DeviceParams
  /** Where the device asked from. */
  readonly from: { readonly ipAddress: string; readonly network: string }
  /** The user of the last event that a user may not use the app, so that typing the code again records none. */
  readonly refusedTo?: string | undefined
}

interface DeviceParams {
  readonly scope?: string | undefined
  readonly acr_values?: string | undefined
  readonly max_age?: string | undefined
  readonly prompt?: string | undefined
  readonly claims?: string | undefined
  /** The API that the access tokens are for (RFC 8707). */
  readonly resource?: string | undefined
}

export type DeviceRequest = Pick<StoredDeviceCode, 'params' | 'from' | 'refusedTo'>

export function requestOfDevice({ payload }: Pick<DeviceCode, 'payload'>): DeviceRequest {
  const { params, from, refusedTo } = JSON.parse(payload) as StoredDeviceCode
  return { params, from, refusedTo }
}

/** Returns the payload of a code that waits, once it is recorded that this user may not use the app. */
export function refusedPayloadOf({ payload }: Pick<DeviceCode, 'payload'>, refusedTo: string): string {
  const stored = JSON.parse(payload) as StoredDeviceCode
  return JSON.stringify({ ...stored, refusedTo } satisfies StoredDeviceCode)
}

/** What the request itself requires of the authentication; `prompt=login` is what the library makes of `max_age=0`. */
export function requirementOfRequest(
  { params }: DeviceRequest,
  { createdAt }: Pick<DeviceCode, 'createdAt'>,
): AuthenticationRequirement {
  const maxAge = params.prompt?.split(' ').includes('login') === true ? 0 : Number(params.max_age ?? Number.NaN)
  return {
    since: Number.isNaN(maxAge) ? undefined : createdAt - maxAge * 1000,
    least: leastLevelOf(requestedAcrs(params)),
  }
}

function requestedAcrs({ acr_values: values = '', claims = '{}' }: DeviceParams): string[] {
  return [...values.split(' '), ...acrsInClaims(JSON.parse(claims))]
}

/** Returns the payload of a code that was approved in a session, from which the library makes the tokens. */
export function approvedPayloadOf(
  { payload }: Pick<DeviceCode, 'payload'>,
  { authenticationMethods: methods, authenticatedAt }: SessionFacts,
  sid: string,
): string {
  const { kind, iat, exp, params } = JSON.parse(payload) as StoredDeviceCode
  return JSON.stringify({
    kind,
    iat,
    exp,
    acr: acrOf(methods, requestedAcrs(params)),
    amr: amrOf(methods),
    authTime: Math.floor(authenticatedAt / 1000),
    claims: params.claims === undefined ? undefined : JSON.parse(params.claims),
    scope: params.scope,
    resource: params.resource,
    sid,
  })
}
