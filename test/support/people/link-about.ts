import { issueLink } from '#domain/links/link.service.ts'
import type { LinkPurpose } from '#domain/links/link.ts'
import { days } from '#foundation/kernel/time.ts'
import type { Person } from './people.ts'
import { rowOf } from './second-factors.ts'

/** Issues a link about a row, as if the person had asked for it; returns its token. */
export async function linkAbout(person: Person, purpose: LinkPurpose, about: string): Promise<string> {
  const { subject, credentialEpoch: epoch } = await rowOf(person)
  const wanted = { purpose, subject, epoch, lifetime: days(7), about, createdBy: subject }
  const { token } = await issueLink(person.server.operator(), wanted)
  return token.reveal()
}
