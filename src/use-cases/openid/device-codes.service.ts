// What the protocol's library stores and finds of device codes (RFC 8628). Approving one is ours: device.service.ts.
import type { Adapter, AdapterPayload } from 'oidc-provider'

import { findDeviceCode, type FoundDeviceCode, notePoll, storeDeviceCode } from '#domain/grants/device-code.service.ts'
import { userCodeIn } from '#domain/grants/device-code.ts'
import { revokeReused } from '#domain/grants/reported-end.service.ts'
import { consumeToken, type LivingToken } from '#domain/grants/token.service.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { limitInteractionRate } from '#domain/throttle/guess.service.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { StoredDeviceCode } from './device-request.ts'
import type { Exchange } from './exchange.service.ts'
import { isUsable } from './token-access.service.ts'

export interface DeviceCodeHost {
  exchange(): Exchange
  invalidGrant(detail: string): Error
  /** Makes the error of the library for a device that asks too often (RFC 8628 §3.5). */
  slowDown(): Error
  /** Makes the error of the library for a request that cannot be answered here. */
  invalidRequest(detail: string): Error
}

export function deviceCodes(host: DeviceCodeHost): Partial<Adapter> {
  return {
    upsert: async (value, { userCode, params, ...payload }) => {
      const { ctx } = host.exchange()
      const { scope, acr_values, max_age, prompt, claims, resource, id_token_hint } = (params ?? {}) as Params
      // Whom an app expects is asked where its user signs in. Here it could not be asked before the user has typed the code.
      if (id_token_hint !== undefined) throw host.invalidRequest('id_token_hint is not supported for devices')
      if (namesSubject(claims)) throw host.invalidRequest('the claim sub is not supported for devices')
      limitInteractionRate(ctx)
      const { ipAddress, network } = ctx.principal.source
      const stored: StoredDeviceCode = {
        kind: 'DeviceCode',
        iat: payload.iat ?? 0,
        exp: payload.exp ?? 0,
        params: { scope, acr_values, max_age, prompt, claims, resource },
        from: { ipAddress, network },
      }
      const code = {
        value,
        userCode: userCodeIn(userCode ?? '') ?? '',
        clientId: payload.clientId ?? '',
        payload: JSON.stringify(stored),
        expiresAt: stored.exp * 1000,
      }
      // The chance is one in millions; the device asks again.
      if (!(await storeDeviceCode(ctx, code))) throw new Refusal('service.busy')
    },
    find: async (value) => {
      const exchange = host.exchange()
      const found = await findDeviceCode(exchange.ctx, value, sessionRules(exchange.ctx))
      // A code of another app is unknown to this one, whatever state it is in.
      if (found === undefined || !exchange.clients.has(found.code.clientId)) return undefined
      const { code, living } = found
      if (living === undefined) return waitingPayload(host, value, found)
      return (await isUsable(exchange, living)) ? approvedPayload(exchange, value, { code, living }) : undefined
    },
    consume: async (value) => {
      const { ctx, tokens } = host.exchange()
      const living = tokens.get(value)
      // One that was denied stays so for each request of its device.
      if (living === undefined || (await consumeToken(ctx, living.token))) return
      await revokeReused(ctx, living.grant.id)
      throw host.invalidGrant('already consumed')
    },
  }
}

type Params = Readonly<Record<string, string | undefined>>

function namesSubject(claims: string | undefined): boolean {
  const { id_token: idToken } = JSON.parse(claims ?? '{}') as { readonly id_token?: object | null }
  return 'sub' in (idToken ?? {})
}

/** Before a user has approved the code, the library answers that the device has to wait, or that it was denied. */
async function waitingPayload(host: DeviceCodeHost, value: string, { code }: FoundDeviceCode): Promise<AdapterPayload> {
  const { ctx } = host.exchange()
  const { kind, iat, exp } = JSON.parse(code.payload) as StoredDeviceCode
  const payload = { kind, iat, exp, jti: value, clientId: code.clientId }
  if (code.deniedAt !== null) return { ...payload, error: 'access_denied' }
  if (ctx.now >= code.expiresAt) return { ...payload, exp: 0 }
  if (!(await notePoll(ctx, code))) throw host.slowDown()
  return payload
}

async function approvedPayload(
  { ctx, tokens }: Exchange,
  value: string,
  { code, living }: Pick<FoundDeviceCode, 'code'> & { readonly living: LivingToken },
): Promise<AdapterPayload> {
  const { grant, user } = living
  tokens.set(value, living)
  const isOver = ctx.now >= code.expiresAt
  // The library refuses an expired code before it asks whether the code was used.
  if (isOver && code.consumedAt !== null) await revokeReused(ctx, grant.id)
  return {
    ...(JSON.parse(code.payload) as AdapterPayload),
    ...(isOver && { exp: 0 }),
    ...(code.consumedAt !== null && { consumed: true }),
    jti: value,
    clientId: grant.clientId,
    accountId: user.subject,
    grantId: grant.id,
  }
}
