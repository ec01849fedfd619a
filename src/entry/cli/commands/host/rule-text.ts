// A rule of a protected host as one line, as `host show` prints it and `--rule` takes it. Tested in rule-text.test.ts.
import { type HostRule, RULE_SCOPES, type RuleScope, SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import { ASSURANCE_LEVELS, type AssuranceLevel } from '#foundation/kernel/assurance.ts'
import type { Duration } from '#foundation/kernel/time.ts'

export const RULE_FORM = '[METHODS] PATH everyone|signed-in|roles NAMES|groups NAMES [least=LEVEL] [max-age=TIME]'

/** Names that hold a comma stand in the line by something else, since commas separate them. */
export type NameInLine = (name: string) => string

/** Returns the line of a rule, such as `GET,POST /admin roles admin,auditor least=two-factors max-age=300s`. */
export function ruleLine({ path, methods, who, names, leastAssurance, maxAge }: HostRule, nameOf: NameInLine): string {
  return [
    ...(methods.length === 0 ? [] : [methods.join(',')]),
    path,
    who,
    ...(names.length === 0 ? [] : [names.map(nameOf).join(',')]),
    ...(leastAssurance === null ? [] : [`least=${leastAssurance}`]),
    ...(maxAge === null ? [] : [`max-age=${maxAge / 1000}s`]),
  ].join(' ')
}

const LINE = /^(?:(?<methods>[^/\s]\S*)\s+)?(?<path>\/\S*)\s+(?<who>[a-z-]+)(?<rest>.*)$/s

/**
 * Returns the rule of a line, whose groups are named as they are typed; undefined for another text. `span` reads a duration such as `5m`.
 */
export function ruleInLine(line: string, span: (text: string) => Duration | undefined): HostRule | undefined {
  const { methods, path = '', who = '', rest = '' } = LINE.exec(line.trim())?.groups ?? {}
  const [names = '', ...demands] = rest.split(/\s+(?=(?:least|max-age)=)/)
  const said = demands.map((demand) => demandIn(demand, span))
  if (!isScope(who) || said.includes(undefined)) return undefined
  return Object.assign(
    {
      ...SIGNED_IN_RULE,
      path,
      methods: methods?.split(',') ?? [],
      who,
      names: names
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    },
    ...said,
  ) as HostRule
}

function isScope(word: string): word is RuleScope {
  return (RULE_SCOPES as readonly string[]).includes(word)
}

function demandIn(text: string, span: (text: string) => Duration | undefined): Partial<HostRule> | undefined {
  const [name, value = ''] = text.trim().split('=')
  if (name === 'least') {
    const level: AssuranceLevel | undefined = ASSURANCE_LEVELS.find((one) => one === value)
    return level && { leastAssurance: level }
  }
  const maxAge = span(value)
  return maxAge === undefined ? undefined : { maxAge }
}
