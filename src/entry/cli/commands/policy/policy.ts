// Lists, shows and changes policies. The operator needs no permission and no recent authentication.
import { Option } from 'commander'

import { minimumAlone } from '#domain/policies/password-policy.service.ts'
import { presentVersions } from '#domain/policies/policy-changes.service.ts'
import { shortDuration } from '#domain/policies/policy-checks.ts'
import {
  type AllowableFactor,
  NO_TERMS,
  type PolicyTerms,
  type Requirement,
  REQUIREMENTS,
} from '#domain/policies/policy.ts'
import { weakenedTerms } from '#domain/policies/user-policy.ts'
import { HELP_EXEMPTION_EVERY, LONGEST_HELP_EXEMPTION } from '#foundation/kernel/stated-limits.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { stated } from '#foundation/texts/english/stated.ts'
import {
  listPolicies,
  type NamedPolicy,
  namedPolicy,
  readConfiguredPolicy,
} from '#use-cases/administration/policies/named-policy.service.ts'
import { presentConfigured, presentPolicy } from '#use-cases/administration/policies/policies.schema.ts'
import { addPolicyVersion, createPolicy } from '#use-cases/administration/policies/policies.service.ts'
import { countIn, storedPlan, summarizePlan } from '#use-cases/administration/policy-rollout/plan.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { type Moment, readSpan, readStart } from '../../terminal/flag-values.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { cellOr, type Column, counted, momentIn, printFields, printTable } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { confirmOr } from '../../terminal/prompt.ts'
import { addPolicyActs } from './acts.ts'
import { addPolicyExemptions } from './exemptions.ts'
import { addPolicyExplain } from './explain.ts'
import { addPolicyPlan } from './plan.ts'
import { concernOf, FROM, isAbout, policyFor, readFactors, WHOM, whomOf } from './whom.ts'

export function addPolicy(program: CliCommand): void {
  const policy = program.command('policy').description('manage policies: what is required of users')
  policy
    .command('list')
    .description('list policies, and what the configuration sets for everyone')
    .withExamples('policy list', 'policy list --json')
    .action(withContext(list))
  policy
    .command('show')
    .description('show a policy with all its versions')
    .argument('<whom>', WHOM)
    .withExamples('policy show everyone', 'policy show role:user --json')
    .action(withContext(show))
  policy
    .command('set')
    .description(
      'create a policy, or add a version to it; a flag you leave out sets nothing (asks before it weakens the configuration)',
    )
    .argument('<whom>', WHOM)
    .option('--name <name>', 'name of a new policy')
    .addOption(new Option('--second-step <wish>', 'second step it requires').choices(REQUIREMENTS))
    .option('--factors <kinds>', 'allowed second steps, such as totp,passkey', readFactors)
    .option('--idle <span>', 'idle sessions end after this', readSpan)
    .option('--absolute <span>', 'every session ends after this', readSpan)
    .option('--proof <span>', 'sensitive changes need a new confirmation after this', readSpan)
    .option('--remember <span>', 'how long a device can be remembered; 0 for never', readRemember)
    .option(
      '--helpers-may-exempt',
      `the help desk may exempt users for up to ${stated.span(LONGEST_HELP_EXEMPTION)}, once in ${stated.span(HELP_EXEMPTION_EVERY)}`,
    )
    .option('--from <when>', FROM, readStart)
    .withExamples('policy set role:user --second-step required --from 14d', 'policy set everyone --idle 30m')
    .action(withContext(set))
  addPolicyActs(policy)
  addPolicyPlan(policy)
  addPolicyExemptions(policy)
  addPolicyExplain(policy)
}

function readRemember(text: string): Duration {
  return text === '0' ? 0 : readSpan(text)
}

const COLUMNS = (now: number): readonly Column<NamedPolicy>[] => [
  { head: 'whom', of: whomOf },
  { head: 'name', cut: true, of: ({ name }) => name },
  { head: 'in force', cut: true, of: (policy) => wordsFor(presentVersions(policy, now).inForce?.terms) },
  { head: 'next', of: (policy) => cellOr(presentVersions(policy, now).planned[0]?.inForceFrom ?? null, '–') },
]

async function list({ ctx, out }: Working): Promise<void> {
  const policies = await listPolicies(ctx)
  const configured = readConfiguredPolicy(ctx)
  if (out.form === 'json')
    return out.json({
      items: policies.map((policy) => presentPolicy(policy, ctx.now)),
      configured: presentConfigured(configured),
    })
  printTable(out, COLUMNS(ctx.now), policies)
  out.say(policies.length === 1 ? '1 policy' : `${policies.length === 0 ? 'no' : policies.length} policies`)
  const { set: locked } = presentConfigured(configured)
  if (locked.length > 0) out.say(`The configuration sets for everyone: ${locked.join(', ')}`)
}

async function show({ ctx, out }: Working, whom: string): Promise<void> {
  const policy = await policyFor(ctx, whom)
  if (out.form === 'json') return out.json(presentPolicy(policy, ctx.now))
  const summary = await summarizePlan(ctx, await storedPlan(ctx, policy.id))
  printFields(out, [
    ['id', policy.id],
    ['name', policy.name],
    ['whom', whomOf(policy)],
    ['users', counted(summary.concerned, 'user')],
    ['not ready yet', counted(countIn(summary), 'user')],
    ...(summary.withoutEmail === 0
      ? []
      : [['no email', `${counted(summary.withoutEmail, 'user')}, not reminded`] as [string, string]]),
    ...presentPolicy(policy, ctx.now).versions.map((version, index): [string, string] => {
      const stored = policy.versions[index]
      const says = version.is_end ? 'ends' : wordsFor(stored?.terms)
      const from = momentIn(out, stored?.inForceFrom ?? 0)
      return [`version ${version.version}`, `${version.state}, from ${from}: ${says}`]
    }),
  ])
}

interface SetFlags {
  readonly name?: string
  readonly secondStep?: Requirement
  readonly factors?: readonly AllowableFactor[]
  readonly idle?: Duration
  readonly absolute?: Duration
  readonly proof?: Duration
  readonly remember?: Duration
  readonly helpersMayExempt?: boolean
  readonly from?: Moment
}

async function set(working: Working, whom: string, flags: SetFlags): Promise<void> {
  const { ctx, out } = working
  const concern = await concernOf(ctx, whom)
  const terms: PolicyTerms = {
    secondFactor: flags.secondStep ?? null,
    factors: flags.factors ?? null,
    sessionIdle: flags.idle ?? null,
    sessionAbsolute: flags.absolute ?? null,
    reauthentication: flags.proof ?? null,
    rememberFor: flags.remember ?? null,
    helpersMayExempt: flags.helpersMayExempt ?? false,
  }
  const wanted = { terms, inForceFrom: flags.from?.at(ctx.now) ?? null }
  const known = (await listPolicies(ctx)).find((policy) => isAbout(policy, concern))
  if (known !== undefined && flags.name !== undefined)
    throw CliFailure.usage('There is such a policy already. "policy rename" gives it another name.')
  if (concern.scope === 'everyone') await confirmWeaker(working, terms)
  const stored =
    known === undefined
      ? await createPolicy(ctx, { ...concern, ...wanted, name: flags.name ?? whom })
      : await addPolicyVersion(ctx, known.id, wanted)
  const policy = await namedPolicy(ctx, stored)
  const from = wanted.inForceFrom === null ? 'now' : `from ${momentIn(out, wanted.inForceFrom)}`
  out.result(presentPolicy(policy, ctx.now), `Policy for ${printable(whomOf(policy))}, ${from}: ${wordsFor(terms)}`)
  const before = known && presentVersions(known, ctx.now).inForce?.terms
  if (before !== undefined) out.say(`Before: ${wordsFor(before)}`)
}

/** A policy for everyone replaces the configuration's defaults, so one that asks for less is confirmed first. */
async function confirmWeaker(working: Working, terms: PolicyTerms): Promise<void> {
  const { ctx } = working
  const configured = readConfiguredPolicy(ctx)
  const weaker = weakenedTerms(configured, terms)
  if (weaker.length === 0) return
  const of = (all: PolicyTerms): string =>
    wordsFor({ ...NO_TERMS, ...Object.fromEntries(weaker.map((term) => [term, all[term]])) })
  const passwords =
    terms.secondFactor === 'optional' ? ` New passwords then need at least ${minimumAlone(ctx)} characters.` : ''
  await confirmOr(
    working,
    `Ask everyone for less than the configuration does (${of(terms)} instead of ${of({ ...NO_TERMS, ...configured.terms })})?${passwords}`,
  )
}

/** What terms say, in the words of the flags. */
function wordsFor(terms: PolicyTerms | undefined): string {
  if (terms === undefined) return '–'
  const spans = [
    ['idle', terms.sessionIdle],
    ['absolute', terms.sessionAbsolute],
    ['proof', terms.reauthentication],
    ['remember', terms.rememberFor],
  ] as const
  const said = spans.flatMap(([name, span]) => (span === null ? [] : [`${name} ${shortDuration(span)}`]))
  const factors = terms.factors === null ? [] : [`only ${terms.factors.join(', ')}`]
  const secondStep = terms.secondFactor === null ? [] : [`second step ${terms.secondFactor}`]
  const help = terms.helpersMayExempt ? ['the help desk may exempt users'] : []
  return [...secondStep, ...factors, ...said, ...help].join('; ')
}
