import { valueText } from '#domain/attributes/attribute-value.ts'
import { valuedAttributes } from '#domain/attributes/attribute-values.service.ts'
import { presentValues } from '#domain/attributes/attribute.schema.ts'
import { presentUser } from '#domain/users/user.schema.ts'
import { statusOf, type User } from '#domain/users/user.ts'
import { toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import {
  type EnrolledFactors,
  enrolledFactors,
  listSessionsOf,
} from '#use-cases/administration/credentials/credentials-summary.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { USER_ARGUMENT, withUser, type Working } from '../../terminal/invocation.ts'
import { cellOr, counted, momentIn, printFields } from '../../terminal/list.ts'
import type { Output } from '../../terminal/output.ts'

export function addUserShow(parent: CliCommand): void {
  parent
    .command('show')
    .description('show a user (with their second step and sessions)')
    .argument('<user>', USER_ARGUMENT)
    .withExamples('user show ada', 'user show ada@example.org --json')
    .action(withUser(show))
}

async function show({ ctx, out }: Working, user: User): Promise<void> {
  const { apps, passkeys, recoveryCodes } = await enrolledFactors(ctx, user.subject)
  const sessions = await listSessionsOf(ctx, user)
  const attributes = await valuedAttributes(ctx, user.subject, 'admin')
  if (out.form === 'json') {
    const factors = [...apps.map(shownAs('totp')), ...passkeys.map(shownAs('passkey'))]
    return out.json({
      ...presentUser(user),
      review_required_at: toRfc3339OrNull(user.reviewRequiredAt),
      factors,
      recovery_codes_left: recoveryCodes.left,
      sessions: sessions.length,
      attributes: presentValues(attributes),
    })
  }
  printFields(out, [
    ['id', String(user.id)],
    ['subject', user.subject],
    ['username', user.username],
    ['email', user.email ?? '–'],
    ['full name', user.fullName ?? '–'],
    ['role', user.role],
    ['status', statusOf(user)],
    ['review', user.reviewRequiredAt === null ? 'none' : `required ${momentIn(out, user.reviewRequiredAt)}`],
    ['expires', cellOr(user.expiresAt, 'never')],
    ['password', passwordIn(out, user)],
    ['apps', listed(out, apps)],
    ['passkeys', listed(out, passkeys)],
    ['recovery codes', `${recoveryCodes.left} left`],
    ['created', cellOr(user.createdAt, 'unknown')],
    ['last sign-in', cellOr(user.lastSignInAt, 'never')],
    ['sessions', counted(sessions.length, 'session')],
    ...attributes.map(({ attribute, value }) => [attribute.key, valueText(value) || '–'] as const),
  ])
}

type Dated = Pick<EnrolledFactors['apps'][number] | EnrolledFactors['passkeys'][number], 'id' | 'name' | 'createdAt'>

function shownAs(kind: 'totp' | 'passkey') {
  return ({ id, name, createdAt }: Dated) => ({ id, kind, name, created_at: toRfc3339(createdAt) })
}

function passwordIn(out: Output, { hashedPassword, passwordChangedAt: at }: User): string {
  if (hashedPassword === null) return 'none'
  return at === null ? 'set' : `set ${momentIn(out, at)}`
}

function listed(out: Output, factors: readonly Dated[]): string {
  return factors.map(({ name, createdAt }) => `${name} (${momentIn(out, createdAt)})`).join(', ') || 'none'
}
