// A user lets a device sign in to an app, by the code that the device shows (RFC 8628 §3.3), or denies it.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { inAuthorizedTransaction } from '#domain/authorization/authorization.service.ts'
import { requirementOfApp, type Restriction } from '#domain/clients/app-access.ts'
import { findClient, lockIfExists } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { unmetRestriction } from '#domain/grants/client-access.service.ts'
import { giveConsent } from '#domain/grants/consent.service.ts'
import type { ConsentItem } from '#domain/grants/consent.ts'
import {
  approveDeviceCode,
  denyDeviceCode,
  findWaitingCode,
  putWaitingPayload,
} from '#domain/grants/device-code.service.ts'
import { type DeviceCode, userCodeIn } from '#domain/grants/device-code.ts'
import { type AuthenticationRequirement, fulfils, stricterOf } from '#domain/sessions/reauthentication.ts'
import { guessAtUserCode } from '#domain/throttle/guess.service.ts'
import { consumeGuess, recordFailure, refundGuess, refusing } from '#domain/throttle/throttle.service.ts'
import { type Context, inTransaction, type With, type WithSession } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { type ConsentQuestion, questionOf, readRequestedAccess, type Requested } from './consent-question.service.ts'
import {
  approvedPayloadOf,
  type DeviceRequest,
  refusedPayloadOf,
  requestOfDevice,
  requirementOfRequest,
} from './device-request.ts'
import { recordRestricted } from './interaction.service.ts'
import { grantPayload, requestedByDevice } from './requested-items.ts'

/** A device that waits for the user who has typed its code. */
export interface WaitingDevice {
  readonly client: Client
  readonly code: DeviceCode
  readonly userCode: string
  readonly request: DeviceRequest
  readonly requested: Requested
}

/**
 * Returns the device that shows a code, which the user who is signed in has typed. Throws `request.validation_failed` for a code that no device
 * shows, which counts as a guess (RFC 8628 §5.1), and `throttle.blocked`.
 */
export async function readDevice(ctx: WithSession<keyof Context>, typed: string): Promise<WaitingDevice> {
  const userCode = userCodeIn(typed)
  if (userCode === undefined) throw unknownCode()
  const guess = guessAtUserCode(ctx)
  await consumeGuess(ctx, guess)
  const device = await findDevice(ctx, userCode)
  if (device === undefined) {
    await refusing(ctx, guess, (tx) => recordFailure(tx, guess))
    throw unknownCode()
  }
  // A right code does not reset the count: who guesses could show one of an own device in between.
  await refundGuess(ctx, guess)
  return device
}

/**
 * Returns the device that waits under a user code, without a count of guesses; undefined if there is none, its app may not let devices sign in, or
 * the resource that it names is gone.
 */
export async function findDevice(
  ctx: With<'db' | 'now' | 'keyring'>,
  userCode: string,
): Promise<WaitingDevice | undefined> {
  const code = await findWaitingCode(ctx, userCode)
  const client = code && (await findClient(ctx, code.clientId))
  if (code === undefined || client === undefined || !maySignInDevices(client)) return undefined
  const request = requestOfDevice(code)
  const requested = await requestedOf(ctx, client, request)
  if (request.params.resource !== undefined && requested.resource === undefined) return undefined
  return { client, code, userCode, request, requested }
}

function requestedOf(ctx: With<'db'>, client: Client, { params }: DeviceRequest): Promise<Requested> {
  return readRequestedAccess(ctx, client, params, requestedByDevice)
}

function unknownCode(): Refusal {
  return new Refusal('request.validation_failed', { fieldErrors: [{ pointer: '/user_code', code: 'app.user_code' }] })
}

function maySignInDevices({ deviceSignIn, disabledAt }: Client): boolean {
  return deviceSignIn && disabledAt === null
}

/** Why a device may not be approved now: its user may not use the app, or has to authenticate again or more strongly first. */
export type Missing =
  | { readonly kind: 'access'; readonly restriction: Restriction }
  | { readonly kind: 'authentication'; readonly requirement: AuthenticationRequirement }

/**
 * Returns what is missing before the user who is signed in may approve a device; undefined for nothing. Everything that an app requires of its
 * users is asked here, on the page and in the transaction of the approval.
 */
export async function missingFor(
  ctx: WithSession<'db' | 'now'>,
  { client, code, request }: WaitingDevice,
): Promise<Missing | undefined> {
  const { session, user } = ctx.principal
  const restriction = await unmetRestriction(ctx, client, user)
  if (restriction !== undefined) return { kind: 'access', restriction }
  const requirement = stricterOf(requirementOfRequest(request, code), requirementOfApp(client, ctx.now))
  return fulfils(session, requirement) ? undefined : { kind: 'authentication', requirement }
}

/** Records that the user may not use the app of a device, once for each user who types its code. */
export async function recordRefusedDevice(
  ctx: WithSession<keyof Context>,
  { client, code, request }: WaitingDevice,
  restriction: Restriction,
): Promise<void> {
  const { subject } = ctx.principal.user
  if (request.refusedTo === subject) return
  await inTransaction(ctx, async (tx) => {
    if (!(await putWaitingPayload(tx, code, refusedPayloadOf(code, subject)))) return
    await recordRestricted(tx, client, restriction)
  })
}

/** Returns what a device gets, as the page asks for it. */
export function readDeviceQuestion(
  ctx: WithSession<'db'>,
  { client, requested }: WaitingDevice,
): Promise<ConsentQuestion> {
  return questionOf(ctx, client, requested)
}

/** Whether what the user agrees to lets the device stay signed in after the session has ended. */
export function outlivesSession(items: readonly ConsentItem[]): boolean {
  return items.includes('scope:offline_access')
}

/**
 * Lets a device sign in as the user who is signed in; false if it no longer waits, or if its app or the resource was changed since the page was shown, so that the
 * user would allow something else than what they have read.
 */
export async function approveDevice(
  ctx: WithSession<keyof Context>,
  device: WaitingDevice,
  shownRevision: string,
): Promise<boolean> {
  const { code, request } = device
  return inAuthorizedTransaction(
    ctx,
    async (tx) => {
      // Held until the end, so that disabling the app finds the grant, or this finds the app disabled.
      const client = await lockIfExists(tx, device.client.id)
      if (client === undefined || !maySignInDevices(client)) return false
      const { items, access, resource, revision } = await requestedOf(tx, client, request)
      if (revision !== shownRevision) return false
      if ((await missingFor(tx, { ...device, client })) !== undefined) return false
      const { user, session } = tx.principal
      const isApproved = await approveDeviceCode(tx, code, {
        clientId: client.id,
        clientName: client.name,
        resourceId: resource?.id,
        payload: grantPayload(access, client, client.trusted ? undefined : items),
        isOffline: outlivesSession(items),
        codePayload: (sid) => approvedPayloadOf(code, session, sid),
      })
      if (!isApproved) return false
      if (!client.trusted) await giveConsent(tx, client, user.subject, items)
      await recordAnswer(tx, 'device_code.approved', { ...device, client })
      return true
    },
    { lock: 'share' },
  )
}

/** Denies a device; false if it no longer waits. */
export function denyDevice(ctx: WithSession<keyof Context>, device: WaitingDevice): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    if (!(await denyDeviceCode(tx, device.code))) return false
    await recordAnswer(tx, 'device_code.denied', device)
    return true
  })
}

async function recordAnswer(
  tx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring'>,
  action: 'device_code.approved' | 'device_code.denied',
  { client, request }: WaitingDevice,
): Promise<void> {
  const { session, user } = tx.principal
  const details = {
    app: client.name,
    client: client.id,
    session: session.id,
    scopes: request.params.scope ?? '',
    device_ip: request.from.ipAddress,
  }
  await recordEvent(tx, { action, target: user.subject, details })
}
