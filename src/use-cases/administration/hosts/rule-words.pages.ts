// The rules of a protected host in words. Each takes rules with the names of their groups, as `withGroupNames` returns them.
import type { HostRule } from '#domain/hosts/host.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'

/** Whether a rule concerns each request, so that none after it is asked. */
export function isForAll({ path, methods }: HostRule): boolean {
  return path === '/' && methods.length === 0
}

/** Which requests a rule concerns, such as `GET, POST /admin`. */
export function whereOfRule({ hosts: words }: Texts, rule: HostRule): string {
  if (isForAll(rule)) return words.everything
  const { path, methods } = rule
  return [methods.join(', '), path].filter(Boolean).join(' ')
}

/** Whom a rule lets pass. */
export function whoOfRule(say: Texts, { who, names }: HostRule): string {
  const { who: words } = say.hosts
  const any = new Intl.ListFormat(say.language, { type: 'disjunction' })
  if (who === 'roles') return words.roles(any.format(names.map((role) => roleName(say, role))))
  return who === 'groups' ? words.groups(any.format(names)) : words[who]
}

/** What a rule requires of the last authentication; empty for nothing. */
export function needsOfRule(
  { hosts: { needs: words }, language }: Texts,
  { leastAssurance, maxAge }: HostRule,
): string {
  const needs = [
    ...(leastAssurance === null ? [] : [words[leastAssurance]]),
    ...(maxAge === null ? [] : [words.age(spanInWords(language, maxAge))]),
  ]
  return needs.join(', ')
}

/** A whole rule in one line. */
export function ruleInWords(say: Texts, rule: HostRule): string {
  return say.hosts.ruleInWords(whereOfRule(say, rule), whoOfRule(say, rule), needsOfRule(say, rule))
}
