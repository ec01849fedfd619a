// What an admin sends of somebody’s details, as a form.
import { Type } from '../../../foundation/web/http/type.ts'
import type { Static } from '../../../foundation/web/http/type.ts'

import { ROLES } from '../../../foundation/kernel/principal.ts'
import type { PrincipalUser } from '../../../foundation/kernel/principal.ts'
import type { FieldError } from '../../../foundation/kernel/field-error.ts'
import { representationTag } from '../../../domain/users/form-precondition.ts'
import type { ProfileChanges } from '../../../domain/users/profile.ts'
import { choice } from '../../../foundation/web/http/schema.ts'

export const DetailsForm = Type.Object({
  username: Type.String(),
  email: Type.Optional(Type.String()),
  full_name: Type.Optional(Type.String()),
  role: Type.Optional(choice(ROLES)),
  seen: Type.Optional(Type.String()),
})

export const KEPT_DETAILS = Object.keys(DetailsForm.properties)

/** A browser sends every field, so one that came empty was emptied; the role is not asked for on one’s own page. */
export function changesIn({ username, email, full_name: fullName, role }: Static<typeof DetailsForm>): ProfileChanges {
  return { username, email: email ?? null, fullName: fullName ?? null, role }
}

/** An empty username is theirs, not that of whoever types it. */
export function faultsOfDetails(faults: readonly FieldError[]): readonly FieldError[] {
  const isEmpty = ({ pointer, code }: FieldError) => pointer === '/username' && code === 'field.missing'
  return faults.map((fault) => (isEmpty(fault) ? { ...fault, code: 'user.username_empty' } : fault))
}

/** Changes with what the form of a user’s details shows. */
export function detailsTag({ username, email, fullName, role }: PrincipalUser): string {
  return representationTag([username, email, fullName, role])
}
