// Creates users and their invitations; with --enrol also sets up the authenticator app.
import { renderUnicodeCompact } from 'uqr'

import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { OPERATOR } from '#entry/boot.ts'
import { contextFor } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { USERNAME_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import {
  beginEnrolmentFor,
  confirmEnrolmentFor,
} from '#use-cases/administration/invitations/in-person-enrolment.service.ts'
import { presentWithInvitation } from '#use-cases/administration/invitations/invitation.schema.ts'
import {
  type CreatedUser,
  createUser,
  type NewUserInput,
  requireValidUser,
} from '#use-cases/administration/invitations/new-user.service.ts'
import { attributesTyped, readAttributePair, type TypedAttributes } from '../../terminal/attribute-flags.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { EXIT } from '../../terminal/exit-codes.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { EXPIRES_AT, GROUP, LOCALE, readAccountEnd, readGroupName } from '../../terminal/flag-values.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { noteDefaultUrl } from '../../terminal/link-output.ts'
import { printable } from '../../terminal/output.ts'
import { addPasswordFlags, asksForPassword, type PasswordFlags, readPassword } from '../../terminal/password-input.ts'
import { askText } from '../../terminal/prompt.ts'
import { printInvitation, sayMailed } from './invite.ts'

interface Flags extends PasswordFlags {
  readonly email?: string
  readonly fullName?: string
  readonly role: string
  readonly invite?: boolean
  readonly enrol?: boolean
  readonly ifNotExists?: boolean
  readonly qr?: boolean
  readonly mail?: boolean
  readonly expiresAt?: Instant
  readonly attribute?: TypedAttributes
  readonly locale?: string
  readonly group?: readonly string[]
}

export function addUserCreate(parent: CliCommand): void {
  const command = parent
    .command('create')
    .description('create a user and an invitation link (no link if you set a password)')
    .argument('<username>', `1 to ${USERNAME_MAXIMUM} characters, without @`)
    .option('--email <address>', 'email address')
    .option('--full-name <name>', 'full name')
    .option('--role <role>', 'role', 'user')
    .option('--invite', 'create an invitation link (default without a password)')
    .option('--mail', 'mail the link to their address, and do not print it')
    .option('--locale <language>', LOCALE)
    .option('--group <name>', GROUP, readGroupName)
    .option('--expires-at <day>', EXPIRES_AT, readAccountEnd)
    .option('--attribute <pair>', 'KEY=VALUE of an attribute; repeat for more', readAttributePair)
  addPasswordFlags(command)
    .option('--enrol', 'set up an app in this terminal; asks for a password')
    .option('--if-not-exists', 'do nothing if the user exists')
    .option('--qr', 'also show the link as a QR code')
    .withExamples(
      'user create jens --email jens@example.org --mail --locale de --group Sales',
      'user create grace --role admin --enrol',
    )
    .action(withContext(create))
}

async function create(working: Working, username: string, flags: Flags): Promise<void> {
  const { out, loaded, command } = working
  const { existed, ...made } = await createOrFind(working, username, flags)
  const { user, invitation, mailed } = made
  if (out.form === 'json') return out.json(presentWithInvitation(loaded.config, made))
  if (existed)
    return out.say(`${printable(user.username)} already exists (id ${user.id}, ${user.role}). Nothing was changed.`)
  out.done(`Created ${printable(user.username)} (id ${user.id}, ${user.role})`)
  if (invitation !== null) {
    printInvitation(working, invitation, flags)
    out.say('  Send it privately.')
    if (!flags.qr)
      out.say(
        `  To show a QR code, create a new link (this one stops working): ${command(`user invite ${user.id} --qr`)}`,
      )
  }
  if (mailed) sayMailed(working, mailed)
  if (flags.enrol) return enrolInTerminal(working, user)
  if (invitation !== null || mailed) return
  const { secondFactor } = await userPolicy(working.ctx, user)
  const next =
    secondFactor === 'optional'
      ? 'They sign in with the password; a second step is optional'
      : 'They set up their second step at first sign-in'
  out.say(`  ${next}: ${loaded.config.publicUrl}/sign-in`)
  noteDefaultUrl(working)
}

type Outcome = CreatedUser & { readonly existed: boolean }

async function createOrFind(working: Working, username: string, flags: Flags): Promise<Outcome> {
  const { ctx } = working
  const { email, fullName, role, expiresAt, locale, group: groups } = flags
  const attributes = await attributesTyped(ctx, flags.attribute)
  const profile = { username, email, fullName, role, expiresAt, locale, groups, attributes }
  const wanted = { ...profile, ...(flags.mail && { delivery: 'mail' as const }) }
  const existing = await findUserByName(ctx, username)
  if (existing !== undefined) return requireExistingAllowed(existing, flags)
  const password = flags.enrol || asksForPassword(flags) ? await passwordFor(wanted, working, flags) : undefined
  const invite = flags.invite ?? flags.mail ?? password === undefined
  try {
    return { ...(await createUser(ctx, { ...wanted, password, invite })), existed: false }
  } catch (error) {
    // A concurrent request may have created the user.
    const taken = error instanceof Refusal && error.code === 'user.username_taken'
    const user = taken ? await findUserByName(ctx, username) : undefined
    if (user === undefined) throw error
    return requireExistingAllowed(user, flags)
  }
}

function requireExistingAllowed(user: User, { ifNotExists }: Flags): Outcome {
  if (!ifNotExists) throw new Refusal('user.username_taken')
  return { user, invitation: null, existed: true }
}

/** Checks the other fields first, so that the operator does not choose a password for a user who cannot be created. */
async function passwordFor(wanted: NewUserInput, working: Working, flags: Flags): Promise<Secret> {
  const { ctx, interactive } = working
  if (flags.enrol && !interactive) {
    throw CliFailure.usage('--enrol needs a terminal: it shows a QR code and asks for a code')
  }
  await requireValidUser(ctx, wanted)
  return readPassword(flags, working, (password) => requireValidUser(ctx, { ...wanted, password }))
}

const MAX_RETRIES = 5

/** Shows the setup key and asks for a code until one matches. The user exists already and may also enrol at a sign-in. */
async function enrolInTerminal({ doorward, ctx, out }: Working, user: User): Promise<void> {
  const { id, secret, otpauthUri } = await beginEnrolmentFor(ctx, user)
  out.warn(renderUnicodeCompact(otpauthUri.reveal(), { border: 2 }))
  const inGroups = secret.reveal().replaceAll(/.{4}(?=.)/g, '$& ')
  out.warn(`  Scan this with an authenticator app, or enter the setup key: ${inGroups}`)
  for (let attempts = 0; attempts < MAX_RETRIES; attempts++) {
    const code = await askText('Code from the app')
    // The code is verified against the time at which it was typed, not against the start of the command.
    const outcome = await confirmEnrolmentFor(contextFor(doorward, OPERATOR), { user, id, code })
    if (outcome === 'confirmed') return out.done('Set up the second step')
    if (outcome === 'missing') break
    out.warn('  That code did not match. Wait for the next one and try again.')
  }
  const detail = 'The second step was not set up. The user sets it up at first sign-in.'
  throw new CliFailure({ exit: EXIT.notAllowed, code: 'totp.code_wrong', title: 'Incorrect code', detail })
}
