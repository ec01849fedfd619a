// The form by which admins change a user.
import { Type } from '../../../foundation/web/http/type.ts'
import type { Static } from '../../../foundation/web/http/type.ts'

import { ROLES } from '../../../foundation/kernel/principal.ts'
import type { PrincipalUser } from '../../../foundation/kernel/principal.ts'
import type { FieldError } from '../../../foundation/kernel/refusal.ts'
import { representationTag } from '../../../domain/users/optimistic-locking.ts'
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

/** A browser sends every field, so an empty one means null; on the reader’s own page the form has no role. */
export function changesIn({ username, email, full_name: fullName, role }: Static<typeof DetailsForm>): ProfileChanges {
  return { username, email: email ?? null, fullName: fullName ?? null, role }
}

/** Replaces the error of an empty username: the default sentence is addressed to the owner of the username, not to an admin. */
export function detailsErrors(faults: readonly FieldError[]): readonly FieldError[] {
  const isEmpty = ({ pointer, code }: FieldError) => pointer === '/username' && code === 'field.missing'
  return faults.map((fault) => (isEmpty(fault) ? { ...fault, code: 'user.username_empty' } : fault))
}

/** Identifies the state that the details form shows; it changes when one of the form's fields does. */
export function detailsTag({ username, email, fullName, role }: PrincipalUser): string {
  return representationTag([username, email, fullName, role])
}
