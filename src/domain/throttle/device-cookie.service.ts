// Device cookies (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). The guesses of a browser in which the user has
// signed in count in buckets of their own, so that the guesses of other clients cannot lock the user out (denial of service).
import { timingSafeEqual } from 'node:crypto'

import type { With } from '../../foundation/context.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import type { Keyring } from '../../foundation/platform/crypto/keyring.ts'
import { readEntries, macInput, writeEntries } from './device-cookie.ts'
import type { DeviceCookieEntry } from './device-cookie.ts'

/** The fields of a user that an entry of a device cookie is bound to. */
export interface DeviceOwner {
  readonly subject: string
  readonly credentialEpoch: number
}

const ID_BYTES = 16

/** Returns the device id if the user has finished a sign-in in this browser in their present credential epoch; null otherwise. */
export function deviceCookieOwner(
  { keyring, principal }: With<'keyring' | 'principal'>,
  { subject, credentialEpoch }: DeviceOwner,
): string | null {
  const theirs = entriesOf(keyring, principal.source.deviceCookie, subject)
  return theirs.find(({ epoch }) => epoch === credentialEpoch)?.id ?? null
}

/**
 * Returns the new value of the device cookie: this user's entry first, then those of other users. The device id stays the same, also
 * if a change of credentials has ended the former entry. Call it only after a finished sign-in, or inside its session.
 */
export function issueDeviceCookie(
  { keyring, random, principal }: With<'keyring' | 'random' | 'principal'>,
  { subject, credentialEpoch: epoch }: DeviceOwner,
): Secret {
  const kept = readEntries(principal.source.deviceCookie)
  const theirs = entriesOf(keyring, principal.source.deviceCookie, subject)
  const id = theirs[0]?.id ?? Buffer.from(random(ID_BYTES)).toString('base64url')
  const { mac } = keyring.mac('device', macInput({ id, epoch }, subject))
  const others = kept.filter((entry) => !theirs.some((own) => own.mac === entry.mac))
  return Secret.of(writeEntries([{ id, epoch, mac: inBase64url(mac) }, ...others]))
}

// Each entry is compared under each key, for every user alike, so that the time reveals no owner (enumeration).
function entriesOf(keyring: Keyring, value: string | null, subject: string): DeviceCookieEntry[] {
  const keys = keyring.keys.filter(({ purpose }) => purpose === 'device')
  return readEntries(value).filter((entry) => {
    const text = macInput(entry, subject)
    return keys.filter(({ id }) => isMac(entry, keyring.macWith(id, text))).length > 0
  })
}

function isMac({ mac }: DeviceCookieEntry, expected: string | undefined): boolean {
  if (expected === undefined) return false
  const [given, right] = [Buffer.from(mac), Buffer.from(inBase64url(expected))]
  return given.length === right.length && timingSafeEqual(given, right)
}

function inBase64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url')
}
