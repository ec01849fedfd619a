// Device cookies (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). The guesses of a browser in which the user has
// signed in count in buckets of their own, so that the guesses of other clients cannot lock the user out (denial of service).
import { timingSafeEqual } from 'node:crypto'

import type { With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Keyring } from '#foundation/platform/crypto/keyring.ts'

/** The fields of a user that an entry of a device cookie is bound to. */
export type DeviceOwner = Pick<PrincipalUser, 'subject' | 'credentialEpoch'>

const ID_BYTES = 16

/** Returns the device id if the user has finished a sign-in in this browser in their current credential epoch; null otherwise. */
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

/**
 * The entry of one user: the value of the cookie has one for each user who has finished a sign-in in the browser. It names no user: to
 * recognize its owner takes the key and the owner's subject.
 */
export interface DeviceCookieEntry {
  /** The device id: 128 random bits, base64url. Stays the same for this user and browser. */
  readonly id: string
  /** The user's credential epoch at the sign-in; a later epoch ends the entry. */
  readonly epoch: number
  /** HMAC-SHA-256 over id, subject and epoch, base64url. */
  readonly mac: string
}

/** Limits the size of the cookie; more users than usually share one browser. */
const MOST_ENTRIES = 5
const ENTRY = /^([\w-]{22})\.(0|[1-9]\d{0,14})\.([\w-]{43})$/
// Allowed in the value of a cookie (RFC 6265 §4.1.1), and part of no entry.
const BETWEEN = '~'

/** Returns the entries of a cookie's value, newest first; malformed ones are ignored. */
export function readEntries(value: string | null): DeviceCookieEntry[] {
  const written = value?.split(BETWEEN, MOST_ENTRIES) ?? []
  return written.flatMap((text) => {
    const [, id, epoch, mac] = ENTRY.exec(text) ?? []
    return id === undefined || mac === undefined ? [] : [{ id, epoch: Number(epoch), mac }]
  })
}

/** Returns the value of the cookie for the first `MOST_ENTRIES` entries. */
function writeEntries(entries: readonly DeviceCookieEntry[]): string {
  return entries
    .slice(0, MOST_ENTRIES)
    .map(({ id, epoch, mac }) => `${id}.${epoch}.${mac}`)
    .join(BETWEEN)
}

/** Returns the bytes under an entry's MAC, which binds the entry to one user, device and epoch. */
function macInput({ id, epoch }: Pick<DeviceCookieEntry, 'id' | 'epoch'>, subject: string): string {
  return `browser\n${id}\n${epoch}\n${subject}`
}
