// Stores device codes, finds them by what a user types, and gives them to the user who approves one.
//
//   device ──► waiting ──► approved ──► consumed: access token, refresh token
//                 │            └── its session, its user or its grant ended ──► nothing
//                 └── denied, expired
import type { RulesFor } from '#domain/sessions/session.ts'
import type { InTransaction, With, WithSession } from '#foundation/context.ts'
import * as queries from './device-code.queries.ts'
import { type DeviceCode, lastPollBefore } from './device-code.ts'
import { type GrantRequest, newSid, openGrantOfDevice, resolveGrant } from './grant.service.ts'
import { type LivingToken, PREFIX, tokenIdOf } from './token.service.ts'

interface NewDeviceCode extends Pick<DeviceCode, 'clientId' | 'payload' | 'expiresAt'> {
  readonly value: string
  readonly userCode: string
}

/** Stores a device code; false if a device that waits shows the same user code. */
export function storeDeviceCode(ctx: With<'db' | 'now' | 'keyring'>, code: NewDeviceCode): Promise<boolean> {
  const { value, userCode, ...stored } = code
  const id = tokenIdOf('device', value)
  return queries.insertDeviceCode(ctx.db, { ...stored, id, userCode: macOf(ctx, userCode), createdAt: ctx.now })
}

/** A user code has 34 bits, so that a bare hash could be inverted in seconds. */
function macOf({ keyring }: With<'keyring'>, userCode: string): string {
  return keyring.mac('device', `user-code ${userCode}`).mac
}

/** Returns the device code that waits for the user who types this code. */
export function findWaitingCode(
  ctx: With<'db' | 'now' | 'keyring'>,
  userCode: string,
): Promise<DeviceCode | undefined> {
  return queries.selectWaitingCode(ctx.db, macOf(ctx, userCode), ctx.now)
}

/** A device code with what its user has given it: undefined while it waits, and where it was denied. */
export interface FoundDeviceCode {
  readonly code: DeviceCode
  readonly living: LivingToken | undefined
}

/** Returns the device code of a value, expired and consumed ones too; undefined if it is unknown, or was approved and its grant has ended. */
export async function findDeviceCode(
  ctx: With<'db' | 'now'>,
  value: string,
  rulesFor: RulesFor,
): Promise<FoundDeviceCode | undefined> {
  if (!value.startsWith(PREFIX.device)) return undefined
  const code = await queries.selectDeviceCode(ctx.db, tokenIdOf('device', value))
  if (code === undefined) return undefined
  const { grantId, isOffline } = code
  if (grantId === null) return { code, living: undefined }
  const living = await resolveGrant(ctx, { grantId, isOffline }, rulesFor)
  return living && { code, living: { ...living, token: code } }
}

/** Notes that a device has asked for the tokens of a code that waits; false if it asks too often. */
export function notePoll({ db, now }: With<'db' | 'now'>, { id }: Pick<DeviceCode, 'id'>): Promise<boolean> {
  return queries.updatePoll(db, id, { now, before: lastPollBefore(now) })
}

export interface Approval extends GrantRequest {
  /** What the library reads in the code from now on, with the identifier under which the app knows this sign-in. */
  readonly codePayload: (sid: string) => string
}

/**
 * Gives a device code that waits to the user who is signed in, with a grant of its own; false if another has answered it. Of two people who type
 * one code at the same time, the first has it.
 */
export async function approveDeviceCode(
  tx: InTransaction<WithSession<'db' | 'now' | 'newId' | 'random'>>,
  { id }: Pick<DeviceCode, 'id'>,
  { codePayload, ...request }: Approval,
): Promise<boolean> {
  const { user } = tx.principal
  const { subject, credentialEpoch: epoch } = user
  const grantId = tx.newId()
  const given = { id, grantId, subject, epoch, isOffline: request.isOffline, payload: codePayload(newSid(tx)) }
  if (!(await queries.approveCodeRow(tx.db, given, tx.now))) return false
  await openGrantOfDevice(tx, request, grantId)
  return true
}

/** Denies a device code that waits; false if another has answered it. */
export function denyDeviceCode({ db, now }: With<'db' | 'now'>, { id }: Pick<DeviceCode, 'id'>): Promise<boolean> {
  return queries.denyCodeRow(db, id, now)
}

/** Stores what a device code says from now on; false if it no longer waits. */
export function putWaitingPayload(
  { db, now }: With<'db' | 'now'>,
  { id }: Pick<DeviceCode, 'id'>,
  payload: string,
): Promise<boolean> {
  return queries.updateWaitingPayload(db, id, payload, now)
}
