// The section of a user's page with the attributes of that user.
import type { ValuedAttribute } from '#domain/attributes/attribute-value.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import type { Html } from '#foundation/web/html.ts'
import type { FormState } from '#foundation/web/pages/form.ts'
import {
  attributesFacts,
  attributesSection,
  changeValuesByForm,
} from '#use-cases/page-sections/attributes-section.pages.ts'
import type { UserRef } from '../access/access.service.ts'
import { mayDo, userPath, type UserReader } from '../access/user-reader.pages.ts'
import { attributesOfUser, changeAttributesOfUser } from './user-attributes.service.ts'

/** Changes the values as the form says; returns the form to show again if the change is refused. */
export async function changeOfUserByForm(ctx: ChangeDeps, ref: UserRef, body: unknown): Promise<FormState | undefined> {
  return changeValuesByForm(await attributesOfUser(ctx, ref), body, {
    audience: 'admin',
    change: (given, how) => changeAttributesOfUser(ctx, ref, given, how),
  })
}

/** The section, for a reader who may not change the user without a form; undefined where no attribute is declared. */
export function userAttributesSection(
  reader: UserReader,
  shown: readonly ValuedAttribute[],
  { state, isSaved }: { readonly state: FormState; readonly isSaved: boolean },
): Html | undefined {
  const { say, config, formToken, user } = reader
  if (!mayDo(reader, 'users:write')) return attributesFacts(say, shown)
  const body = Object.fromEntries(shown.slice(0, 1).map(({ attribute, value }) => [attribute.key, value]))
  const path = `/users/${user.id}/attributes`
  const api = apiEquivalent(say, config, { method: 'PATCH', path, body, needsSession: isPrivileged(user) })
  const form = { audience: 'admin', action: userPath(user, '/attributes'), formToken, isSaved, api } as const
  return attributesSection(say, state, shown, form)
}
