// Prints a link for a user: the URL alone on standard output, so that a script can use it.
import { renderUnicodeCompact } from 'uqr'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Invocation } from './invocation.ts'
import { momentForPeople } from './list.ts'

type LinkPrinting = Pick<Invocation, 'out' | 'loaded'>

interface PrintedLink {
  readonly what: string
  readonly url: string
  readonly expiresAt: Instant
}

export function printLink(printing: LinkPrinting, { what, url, expiresAt }: PrintedLink, qr = false): void {
  const { out } = printing
  out.say(`  ${what}: works once, expires ${momentForPeople(expiresAt)}`)
  out.line(url)
  if (qr) out.say(renderUnicodeCompact(url, { border: 2 }))
  noteDefaultUrl(printing)
}

/** Warns that the link, or what else was printed, uses the default URL, which is wrong for a server with another port or behind a proxy. */
export function noteDefaultUrl({ out, loaded }: LinkPrinting, what = 'link'): void {
  if (loaded.origins['public_url']?.source !== 'default') return
  out.say(
    `  Note: the ${what} is for ${loaded.config.publicUrl}, because public_url is not set. If users open another URL, set public_url.`,
  )
}
