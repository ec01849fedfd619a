import { days } from '../../../src/foundation/kernel/time.ts'
import { issueLink } from '../../../src/domain/links/link.service.ts'
import type { LinkPurpose } from '../../../src/domain/links/link.ts'
import type { Person } from './people.ts'
import { rowOf } from './second-factors.ts'

/** Issues a link about a row, as if the person had asked for it; returns its token. */
export async function linkAbout(person: Person, purpose: LinkPurpose, about: string): Promise<string> {
  const ctx = person.server.operator()
  const { subject, credentialEpoch: epoch } = await rowOf(person)
  const { link, token } = await issueLink(ctx, { purpose, subject, epoch, lifetime: days(7), about })
  await ctx.db.updateTable('link').set({ created_by: subject }).where('id', '=', link.id).execute()
  return token.reveal()
}
