// A link for somebody: the address alone on standard output, so that a script can pass it on.
import { renderUnicodeCompact } from 'uqr'

import type { Instant } from '../../../foundation/kernel/time.ts'
import type { Invocation } from './invocation.ts'
import { momentForPeople } from './time-format.ts'

type Told = Pick<Invocation, 'out' | 'loaded'>

export interface HandedLink {
  readonly what: string
  readonly url: string
  readonly expiresAt: Instant
}

export function printLink(told: Told, { what, url, expiresAt }: HandedLink, { qr = false } = {}): void {
  const { out } = told
  out.say(`  ${what}, works once, until ${momentForPeople(expiresAt)}:`)
  out.line(url)
  if (qr) out.say(renderUnicodeCompact(url, { border: 2 }))
  noteAddress(told)
}

/** A server started with another port or behind a proxy is not at the address that is the default. */
export function noteAddress({ out, loaded }: Told): void {
  if (loaded.origins['public_url']?.source !== 'default') return
  out.say(
    `  Note: that address is for ${loaded.config.publicUrl}, because public_url is not set. Where people reach this server elsewhere, set it.`,
  )
}
