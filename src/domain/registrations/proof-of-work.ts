// Proof of work (Hashcash): a client spends processor time before the server spends a mail. The challenge is signed, so none is stored.
import { hash } from 'node:crypto'

import type { Instant } from '#foundation/kernel/time.ts'

/** The parts of a challenge that are signed. */
export interface ChallengeFacts {
  /** 128 random bits, base64url. A spent challenge is stored by it. */
  readonly id: string
  /** How many leading bits of the hash must be 0. */
  readonly bits: number
  readonly expiresAt: Instant
}

const CHALLENGE = /^(\d{1,16})\.(\d{1,2})\.([\w-]{22})\.([\w-]{43})$/
const SOLUTION = /^\d{1,16}$/

/** Returns the signed text of a challenge. Its first word names the form, so that a challenge of another form is not accepted. */
export function challengeMessage({ id, bits, expiresAt }: ChallengeFacts): string {
  return `proof-of-work registration ${expiresAt}.${bits}.${id}`
}

/** Returns the challenge as clients get it. */
export function challengeText({ id, bits, expiresAt }: ChallengeFacts, mac: string): string {
  return `${expiresAt}.${bits}.${id}.${mac}`
}

/** Returns the parts of a challenge; undefined for any other text. */
export function parseChallenge(text: string): { readonly facts: ChallengeFacts; readonly mac: string } | undefined {
  const [, expires = '', bits = '', id = '', mac = ''] = CHALLENGE.exec(text) ?? []
  return id === '' ? undefined : { facts: { id, bits: Number(bits), expiresAt: Number(expires) }, mac }
}

/** Whether SHA-256 of `challenge:solution` begins with that many bits that are 0. The solution is a decimal number of up to 16 digits. */
export function isSolution(challenge: string, solution: string, bits: number): boolean {
  if (!SOLUTION.test(solution)) return false
  return leadingZeroBits(hash('sha256', `${challenge}:${solution}`, 'buffer')) >= bits
}

function leadingZeroBits(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0)
  return first < 0 ? bytes.length * 8 : first * 8 + Math.clz32(bytes[first] ?? 0) - 24
}
