// The scope of a policy, as a command names it.
import { InvalidArgumentError } from 'commander'

import { ALLOWABLE_FACTORS, type AllowableFactor, type Term } from '#domain/policies/policy.ts'
import { type Scoped, scopeKey } from '#domain/policies/scope.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { listPolicies, type NamedPolicy } from '#use-cases/administration/policies/named-policy.service.ts'
import type { Working } from '../../terminal/invocation.ts'
import { findNamedGroup } from '../group/named-group.ts'

export const SCOPE_ARGUMENT = 'everyone, role:NAME or group:NAME'
export const FROM = 'when this takes effect: a span from now such as 14d, or a time; immediately if left out'

/** What the command line calls each term, as its flag does. */
export const FLAG_NAMES: Readonly<Record<Term, string>> = {
  secondFactor: 'second step',
  factors: 'factors',
  sessionIdle: 'idle',
  sessionAbsolute: 'absolute',
  reauthentication: 'proof',
  rememberFor: 'remember',
}

/** Parses a flag such as `--factors totp,passkey`. */
export function readFactors(text: string): readonly AllowableFactor[] {
  const words = text.split(',')
  const known = ALLOWABLE_FACTORS.filter((kind) => words.includes(kind))
  if (known.length === words.length) return known
  throw new InvalidArgumentError(`Use ${ALLOWABLE_FACTORS.join(', ')}, separated by commas.`)
}

export function isAbout({ scope, scopeRef }: NamedPolicy, scoped: Scoped): boolean {
  return scopeKey(scope, scopeRef) === scopeKey(scoped.scope, scoped.scopeRef)
}

/** Returns the policy about these users. Throws `policy.not_found`. */
export async function policyFor(ctx: Working['ctx'], scope: string): Promise<NamedPolicy> {
  const scoped = await scopeOf(ctx, scope)
  const found = (await listPolicies(ctx)).find((policy) => isAbout(policy, scoped) || policy.id === scope)
  if (found === undefined) throw new Refusal('policy.not_found')
  return found
}

/** A group is named by its name or its id; the service refuses what does not exist. */
export async function scopeOf(ctx: Working['ctx'], scope: string): Promise<Scoped> {
  const [, kind, ref = null] = /^(role|group):(.+)$/s.exec(scope) ?? []
  if (kind === 'role') return { scope: kind, scopeRef: ref }
  if (kind !== 'group') return { scope: 'everyone', scopeRef: scope === 'everyone' ? null : scope }
  const group = await findNamedGroup(ctx, ref ?? '')
  return { scope: kind, scopeRef: group?.id ?? ref }
}

/** Names the users of a policy as a command does. */
export function scopeText({
  scope,
  scopeRef,
  scopeName,
}: Pick<NamedPolicy, 'scope' | 'scopeRef' | 'scopeName'>): string {
  return scope === 'everyone' ? 'everyone' : `${scope}:${scopeName ?? scopeRef}`
}
