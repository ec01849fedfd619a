// What a request of the two-person rule keeps of a protected host, and back. Tested in test/attacks/two-person-hosts.test.ts.
import type { ApprovalValues } from '#domain/approvals/approval-change.ts'
import type { HostFields, HostRule } from '#domain/hosts/host.ts'

/** What is left out, or undefined, stays. The name never changes. */
export type HostChanges = {
  readonly [Field in Exclude<keyof HostFields, 'name'>]?: HostFields[Field] | undefined
}

type Values = Omit<ApprovalValues['change-host'], 'hostId'>

/** The names of groups by their ids. */
export type GroupNames = ReadonlyMap<string, string>

export function hostValues({ rules, sharedGroups, apiTokens, preflights }: HostChanges, names: GroupNames): Values {
  return {
    rules,
    namedRules: rules?.map((rule) => withGroupNames(rule, names)),
    sharedGroups,
    sharedGroupNames: sharedGroups?.map((id) => names.get(id) ?? id),
    apiTokens,
    preflights,
  }
}

/** Returns a rule with the names of its groups instead of their ids, for people; an id whose group is gone stays. */
export function withGroupNames(rule: HostRule, groups: GroupNames): HostRule {
  return rule.who === 'groups' ? { ...rule, names: rule.names.map((id) => groups.get(id) ?? id) } : rule
}

export function requestedHost({ rules, sharedGroups, apiTokens, preflights }: Values): HostChanges {
  return { rules, sharedGroups, apiTokens, preflights }
}
