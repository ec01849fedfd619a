import type { Instant } from '#foundation/kernel/time.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { moment, momentOrNever } from '#foundation/web/components/moments.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type ListRow, pieces, rowList, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { UserReader } from '../access/user-reader.pages.ts'
import type { EnrolledFactors } from './credentials-summary.service.ts'

/** Admins see neither name nor secret of an app; they see the names of passkeys, because users ask which passkey is the lost one. */
export function factorsSection(reader: UserReader, { apps, passkeys, recoveryCodes }: EnrolledFactors): Html {
  const { say, config, user } = reader
  const { factors } = say.user
  const row = (name: Html, added: Instant, lastUsed: Instant | null): ListRow => ({
    name,
    detail: pieces([
      html`${factors.added} ${moment(reader, added)}`,
      html`${factors.lastUsed}: ${momentOrNever(reader, lastUsed)}`,
    ]),
  })
  const { left, madeAt, usedAt } = recoveryCodes
  const rows = [
    ...passkeys.map((own) =>
      row(withIcon('passkey', withNames(factors.passkey, own.name)), own.createdAt, own.lastUsedAt),
    ),
    ...apps.map(({ createdAt, lastUsedAt }) => row(withIcon('app', factors.app), createdAt, lastUsedAt)),
    ...(madeAt === null ? [] : [row(withIcon('codes', factors.codes(left)), madeAt, usedAt)]),
  ]
  return section({
    id: 'second-step',
    title: factors.title,
    lead: rows.length > 0 && factors.lead,
    body: rows.length > 0 ? rowList(rows) : html`<p>${factors.none} ${enrolLink(reader)}</p>`,
    api: apiEquivalent(say, config, { method: 'GET', path: `/users/${user.id}/factors` }),
  })
}

/** How a user without a second factor enrols one: by invitation if they have no password, else at the next sign-in. */
function enrolLink({ say, user }: UserReader): string | false {
  const { byInvitation, bySignIn } = say.user.factors
  if (user.disabled) return false
  return user.hashedPassword === null ? byInvitation : bySignIn
}
