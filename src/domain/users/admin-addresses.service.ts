import type { With } from '../../foundation/context.ts'
import { selectAdminAddresses } from './admin-addresses.queries.ts'

export interface AdminAddress {
  readonly subject: string
  readonly email: string
  readonly locale: string | null
  /** The full name, else the username. */
  readonly name: string
}

/** Returns the admins who can act and have an email address, verified or not: for mails that contain no secret. */
export async function listAdminAddresses({ db }: With<'db'>): Promise<AdminAddress[]> {
  const rows = await selectAdminAddresses(db)
  return rows.flatMap(({ subject, email, locale, fullName, username }) =>
    email === null ? [] : [{ subject, email, locale, name: fullName?.trim() || (username ?? '') }],
  )
}
