// Prints what is required of a user, and what decided it.
import { type Term, TERMS, type UserPolicy } from '#domain/policies/policy.ts'
import { shortDuration } from '#domain/policies/store/policy-checks.ts'
import type { User } from '#domain/users/user.ts'
import { presentEffectivePolicy } from '#use-cases/administration/policies/effective-policy.schema.ts'
import {
  decidingPolicy,
  type ExplainedPolicy,
  explainPolicy,
} from '#use-cases/administration/policies/effective-policy.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { USER_ARGUMENT, withUser, type Working } from '../../terminal/invocation.ts'
import { type Column, momentIn, printTable } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { FLAG_NAMES, scopeText } from './scope-argument.ts'

const SOURCES = {
  policy: 'policy',
  configuration: 'configuration',
  default: 'default',
  permissions: 'permissions of the user',
} as const

export function addPolicyExplain(parent: CliCommand): void {
  parent
    .command('explain')
    .description('show what is required of a user, and which policy decided it')
    .argument('<user>', USER_ARGUMENT)
    .withExamples('policy explain ada', 'policy explain ada@example.org --json')
    .action(withUser(explain))
}

async function explain({ ctx, out }: Working, user: User): Promise<void> {
  const explained = await explainPolicy(ctx, user)
  if (out.form === 'json') return out.json(presentEffectivePolicy(user, explained))
  printTable(out, columnsOf(explained), TERMS)
  for (const policy of explained.policies)
    if (policy.exemptUntil !== null)
      out.say(`Exempt from “${printable(policy.name)}” until ${momentIn(out, policy.exemptUntil)}`)
}

function columnsOf(explained: ExplainedPolicy): readonly Column<Term>[] {
  return [
    { head: 'term', of: (term) => FLAG_NAMES[term] },
    { head: 'value', of: (term) => valueOf(explained.terms, term) },
    { head: 'decided by', of: (term) => SOURCES[explained.decidedBy[term].source] },
    { head: 'applies to', of: (term) => scopeOfTerm(explained, term) },
    { head: 'version', of: (term) => String(decidingPolicy(explained, term)?.version ?? '–') },
    { head: 'policy', cut: true, of: (term) => decidingPolicy(explained, term)?.policy.name ?? '–' },
  ]
}

function valueOf(terms: UserPolicy, term: Term): string {
  if (term === 'secondFactor') return terms.secondFactor
  if (term === 'factors') return terms.factors.join(', ')
  return term === 'rememberFor' && terms.rememberFor === 0 ? 'never' : shortDuration(terms[term])
}

function scopeOfTerm(explained: ExplainedPolicy, term: Term): string {
  const found = decidingPolicy(explained, term)
  return found === undefined ? '–' : scopeText(found.policy)
}
