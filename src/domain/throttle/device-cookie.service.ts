// Browsers in which somebody has signed in before: their guesses are counted apart, so that strangers lock nobody out.
import { timingSafeEqual } from 'node:crypto'

import type { With } from '../../foundation/context.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import type { Keyring } from '../../foundation/platform/crypto/keyring.ts'
import { readEntries, macInput, writeEntries } from './device-cookie.ts'
import type { DeviceCookieEntry } from './device-cookie.ts'

/** The user as far as a browser is known by them. */
export interface DeviceOwner {
  readonly subject: string
  readonly credentialEpoch: number
}

const ID_BYTES = 16

/** The browser's id, if this user finished a sign-in in it and their credentials have not changed since; else null. */
export function deviceCookieOwner(
  { keyring, principal }: With<'keyring' | 'principal'>,
  { subject, credentialEpoch }: DeviceOwner,
): string | null {
  const theirs = entriesOf(keyring, principal.source.deviceCookie, subject)
  return theirs.find(({ epoch }) => epoch === credentialEpoch)?.id ?? null
}

/**
 * What the browser is to keep from now on: this user's entry first, those of other people after it. The browser's id is
 * the one it had, also where a change of credentials had ended the entry. Only after a sign-in was finished, or inside
 * the session it began.
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

// Every entry is looked at with every key, whoever is asked about: the work tells nobody anything.
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
