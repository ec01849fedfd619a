import type { Texts } from './texts.ts'

/** What a role is called: a built-in one in the language of its reader, any other by its name. */
export function roleName({ account }: Texts, role: string): string {
  return role === 'admin' || role === 'user' ? account.roles[role] : role
}
