// A link for somebody: the address alone on standard output, so that a script can pass it on.
import { renderUnicodeCompact } from 'uqr'

import type { Instant } from '../kernel/time.ts'
import { momentForPeople } from './moments.ts'
import type { Output } from './output.ts'

export interface HandedLink {
  readonly what: string
  readonly url: string
  readonly expiresAt: Instant
}

export function printLink(out: Output, { what, url, expiresAt }: HandedLink, { qr = false } = {}): void {
  out.say(`  ${what}, works once, until ${momentForPeople(expiresAt)}:`)
  out.line(url)
  if (qr) out.say(renderUnicodeCompact(url, { border: 2 }))
}
