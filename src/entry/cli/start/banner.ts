// What `serve` prints on standard error once it listens. The set-up link is printed here only, never in the log.
import { renderUnicodeCompact } from 'uqr'

import { impossiblePolicies } from '#domain/policies/store/policy-validity.service.ts'
import { isWithoutUsers } from '#domain/users/user.service.ts'
import { OPERATOR } from '#entry/boot.ts'
import { contextFor } from '#foundation/context.ts'
import { isLoopback } from '#foundation/kernel/loopback.ts'
import { readableAccent, shippedTokens, shortfallOf } from '#foundation/platform/config/accent.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { commandFor } from '#foundation/platform/program-name.ts'
import { VERSION } from '#foundation/platform/project.ts'
import { issueSetupLink, setupUrl } from '#use-cases/onboarding/setup.service.ts'
import { databaseLocation, type Working } from '../terminal/invocation.ts'
import { type Output, printable } from '../terminal/output.ts'
import { takeOverLines } from './legacy-upgrade.ts'

/**
 * Issues a set-up link while no user can act as admin, and prints it last, with `qr` as a QR code too. With `--quiet` only that and warnings
 * are printed.
 */
export async function printBanner(
  out: Output,
  serving: Pick<Working, 'doorward' | 'loaded'>,
  qr: boolean,
): Promise<void> {
  const { doorward, loaded } = serving
  const { publicUrl, docs } = loaded.config
  out.say(`doorward ${VERSION}  ready in ${process.uptime().toFixed(1)} s`)
  out.say(`  Sign in    ${publicUrl}`)
  if (docs) out.say(`  API docs   ${publicUrl}/docs`)
  const plain = loaded.origins['database_url']?.detail === 'DATABASE_URL' ? ', from DATABASE_URL' : ''
  const engine = doorward.db.dialect === 'postgres' ? 'PostgreSQL' : 'SQLite'
  out.say(`  Data       ${databaseLocation(loaded)} (${engine}${plain})`)
  for (const line of await takeOverLines(serving)) out.warn(`  ${line}`)
  for (const warning of [warningOn(loaded.config), await warningOnPolicies(doorward)])
    if (warning !== undefined) out.warn(`  Warning: ${warning}`)
  for (const note of notesOn(loaded.config)) out.say(`  Note: ${note}`)
  // Where log and messages go to one file, the first line of a start is the banner's, and the last one is the link.
  doorward.log.info({ url: publicUrl }, 'listening')
  const ctx = contextFor(doorward, OPERATOR)
  const issued = await issueSetupLink(ctx)
  if (issued !== undefined) {
    const lifetime = Math.round(loaded.config.setupLinkLifetime / 60_000)
    const url = setupUrl(loaded.config, issued.token)
    // Also on the tutorial's database, whose admins have no second factor yet, and where the last admin lost theirs.
    const occasion = (await isWithoutUsers(ctx)) ? 'First run' : 'No admin can sign in'
    out.warn(`  ${occasion}: open this link (${lifetime} min; new one: ${commandFor(loaded.config, 'setup-link')})`)
    if (qr) out.warn(renderUnicodeCompact(url, { border: 2 }))
    out.warn(`    ${out.styled('bold', url, 'stderr')}`)
  }
}

/**
 * A start over plain http is refused by the listening host alone, but a proxy on this machine can serve plain http to other machines: the
 * banner warns of that.
 */
function warningOn({ secureCookies, publicUrl, host }: Config): string | undefined {
  if (secureCookies || (isLoopback(host) && isLoopback(new URL(publicUrl).hostname))) return undefined
  return (
    `${publicUrl} is served without HTTPS: anyone on the network can read passwords and sessions. ` +
    'Put an HTTPS proxy in front and set DOORWARD_PUBLIC_URL=https://…'
  )
}

/** Such a policy does not refuse the start: without it no user could sign in, not even those who have a passkey or change the policy. */
async function warningOnPolicies(doorward: Working['doorward']): Promise<string | undefined> {
  const ctx = contextFor(doorward, OPERATOR)
  const names = await impossiblePolicies(ctx)
  if (names.length === 0) return undefined
  return (
    `browsers cannot create passkeys at ${ctx.config.publicUrl}, but policies allow nothing else: ${printable(names.join(', '))}. ` +
    'Set DOORWARD_PUBLIC_URL to an HTTPS address with a domain name, or change the policies with ' +
    `${commandFor(ctx.config, 'policy change')}`
  )
}

function notesOn(config: Config): string[] {
  const http = 'HTTP is fine on localhost. For anything else, set DOORWARD_PUBLIC_URL=https://…'
  const isFine = !config.secureCookies && warningOn(config) === undefined
  const weak = 'password hashing is weaker than OWASP recommends. Raise hash_memory or hash_passes.'
  const accent = noteOnAccent(config)
  return [...(isFine ? [http] : []), ...(config.weakHash ? [weak] : []), ...(accent === undefined ? [] : [accent])]
}

/** The note for a server whose accent is set for the light theme only: why the dark theme cannot use it, and a colour that it could use. */
function noteOnAccent({ accent, accentDark }: Config): string | undefined {
  const missed = accent === null || accentDark !== null ? undefined : shortfallOf(accent, 'dark')
  if (accent === null || missed === undefined) return undefined
  return (
    `the accent ${accent} has a contrast of ${missed.reached} to 1 for ${missed.pair} in the dark theme, which needs ` +
    `${missed.needed} to 1. No colour can be read in both themes, so the dark one keeps ${shippedTokens('dark')['accent']}. ` +
    `A readable colour of yours: accent_dark = "${readableAccent(accent, 'dark')}"`
  )
}
