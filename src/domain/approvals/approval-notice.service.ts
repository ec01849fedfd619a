// Notifies the person concerned and those who may approve a request of it by mail, and all admins of what goes past the two-person rule.
import { issueLink } from '#domain/links/link.service.ts'
import type { MailTemplate } from '#domain/mail/mail-template.ts'
import { isMailOn, queueMail } from '#domain/mail/mail.service.ts'
import { findActingAdmins } from '#domain/users/acting-admins.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { texts } from '#foundation/texts/texts.ts'
import type { ApprovalChange } from './approval-change.ts'
import { findDeciders } from './approval-permissions.service.ts'
import { type Approval, type ApprovalRequest, changeName } from './approval.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

export const OBJECTION_PATH = '/objection'

/**
 * Notifies of a new request: the person concerned, with a link by which they can object until it is carried out, and all who may approve
 * it. The link is bound to the request and not to the credential epoch, so that a thief's change of the password does not end it.
 */
export async function notifyOfRequest(
  ctx: InTransaction<Deps>,
  approval: Approval,
  { asker, target }: { readonly asker: PrincipalUser; readonly target: User | null },
): Promise<void> {
  if (!isMailOn(ctx.config)) return
  const factsFor = (user: User): Readonly<Record<string, string>> => ({
    ...aboutChange(user, approval, approval.targetName),
    asker: asker.username,
    reason: approval.reason ?? '',
    ready_at: toRfc3339(approval.readyAt),
  })
  if (target !== null && target.email !== null && target.subject !== asker.subject) {
    const { subject, credentialEpoch: epoch, email: recipient, locale } = target
    const lifetime = approval.readyAt - approval.createdAt
    const { link, token } = await issueLink(ctx, { purpose: 'objection', subject, epoch, lifetime, about: approval.id })
    await queueMail(ctx, {
      template: 'approval-objection',
      recipient,
      subject,
      locale,
      facts: factsFor(target),
      link: { id: link.id, path: OBJECTION_PATH, token, expiresAt: link.expiresAt },
    })
  }
  await mailTo(ctx, await findDeciders(ctx, approval), { template: 'approval-waiting', factsFor })
}

/** How many changes a mail names; the audit log has all of them. */
const MOST_NAMED = 20

/** Notifies all admins of changes that the operator made on the server without a second admin, by one mail for all of them. */
export function notifyOfBypasses(
  ctx: InTransaction<Deps>,
  bypasses: readonly { readonly request: ApprovalRequest; readonly username: string }[],
): Promise<void> {
  return mailToAdmins(ctx, 'approval-bypassed', ({ username: name, locale, timeZone }) => {
    const words = bypasses.slice(0, MOST_NAMED).map(({ request, username }) => changeInWords(locale, request, username))
    const [change = '', ...others] = words
    const several = texts(locale).approvals.severalChanges(words, bypasses.length - words.length)
    return { name, time_zone: timeZone ?? 'UTC', ...(others.length === 0 ? { change } : { changes: several }) }
  })
}

/** Notifies all admins of the setting that a start has found. */
export function notifyOfRule(
  ctx: InTransaction<Deps>,
  rule: { readonly isOn: boolean; readonly wait: number },
): Promise<void> {
  return mailToAdmins(ctx, 'approval-rule-changed', (admin) => {
    const say = texts(admin.locale)
    const { on, off } = say.approvals.rule
    return { name: admin.username, rule: rule.isOn ? on(spanInWords(say.language, rule.wait)) : off }
  })
}

/** What a change is called in the language of its reader. */
function aboutChange(
  { username, locale, timeZone }: User,
  change: ApprovalChange,
  about: string,
): Readonly<Record<string, string>> {
  return {
    name: username,
    change: changeInWords(locale, change, about),
    time_zone: timeZone ?? 'UTC',
  }
}

function changeInWords(locale: string | null, change: ApprovalChange, about: string): string {
  return texts(locale).approvals.changes[changeName(change)](about)
}

async function mailToAdmins(
  ctx: InTransaction<Deps>,
  template: MailTemplate,
  factsFor: (admin: User) => Readonly<Record<string, string>>,
): Promise<void> {
  if (isMailOn(ctx.config)) await mailTo(ctx, await findActingAdmins(ctx), { template, factsFor })
}

async function mailTo(
  ctx: InTransaction<Deps>,
  users: readonly User[],
  {
    template,
    factsFor,
  }: { readonly template: MailTemplate; readonly factsFor: (user: User) => Readonly<Record<string, string>> },
): Promise<void> {
  for (const user of users) {
    const { email: recipient, subject, locale } = user
    if (recipient !== null) await queueMail(ctx, { template, recipient, subject, locale, facts: factsFor(user) })
  }
}
