// Whether a request would pass the rules of a protected host, and why not. Tested in host-check.test.ts.
import {
  disagreeingReadings,
  type HostRequest,
  letsPass,
  prepareRules,
  type ReadPath,
  requirementOfRule,
  ruleFor,
} from '#domain/hosts/host-rule.ts'
import type { HostRule } from '#domain/hosts/host.ts'
import { type AssuranceLevel, meetsLevel } from '#foundation/kernel/assurance.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/** Why a request does not pass; the first that applies, in the order in which they are asked. */
export const HOST_REFUSALS = [
  'malformed',
  'ambiguous',
  'not_signed_in',
  'shut_out',
  'role',
  'group',
  'assurance',
  'age',
] as const
export type HostRefusal = (typeof HOST_REFUSALS)[number]

/** Who would send the request. */
export interface CheckedVisitor {
  readonly role: string
  readonly groupIds: readonly string[]
  /** Whether the account is disabled or has expired. */
  readonly isShutOut: boolean
  /** What the last authentication reached. */
  readonly level: AssuranceLevel
  readonly authenticatedAt: Instant
}

export interface HostCheck {
  /** The rule that decides; undefined where the readings of the path meet several, or no app should see the request. */
  readonly rule: HostRule | undefined
  /** Its position in the list from 0 on; -1 where none concerns the request. */
  readonly index: number | undefined
  /** Undefined if the request passes. */
  readonly refusal: HostRefusal | undefined
  /** For an ambiguous request, how its path may be read. */
  readonly readings: readonly ReadPath[]
}

/** Returns what would become of a request; its visitor is undefined for one that is not signed in. */
export function checkRequest(
  rules: readonly HostRule[],
  request: HostRequest,
  visitor: CheckedVisitor | undefined,
  now: Instant,
): HostCheck {
  const prepared = prepareRules(rules)
  const found = ruleFor(prepared, request)
  if ('refused' in found) {
    const { refused: refusal } = found
    const readings = refusal === 'ambiguous' ? disagreeingReadings(prepared, request) : []
    return { rule: undefined, index: undefined, refusal, readings }
  }
  return { ...found, refusal: refusalOf(found.rule, visitor, now), readings: [] }
}

function refusalOf(rule: HostRule, visitor: CheckedVisitor | undefined, now: Instant): HostRefusal | undefined {
  if (rule.who === 'everyone') return undefined
  if (visitor === undefined) return 'not_signed_in'
  if (visitor.isShutOut) return 'shut_out'
  if (!letsPass(rule, visitor)) return rule.who === 'roles' ? 'role' : 'group'
  const { least, since } = requirementOfRule(rule, now)
  if (least !== undefined && !meetsLevel(visitor.level, least)) return 'assurance'
  return since !== undefined && visitor.authenticatedAt < since ? 'age' : undefined
}
