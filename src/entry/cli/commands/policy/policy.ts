// Lists, shows and changes policies. The operator needs no permission and no recent authentication.
import { Option } from 'commander'

import { minimumAlone } from '#domain/policies/evaluation/password-policy.service.ts'
import {
  type AllowableFactor,
  DURATION_TERMS,
  NO_TERMS,
  type PolicyTerms,
  type Requirement,
  REQUIREMENTS,
  TERMS,
} from '#domain/policies/policy.ts'
import { shortDuration, weakenedTerms } from '#domain/policies/store/policy-checks.ts'
import { currentVersions } from '#domain/policies/store/version-state.ts'
import { HELP_EXEMPTION_EVERY, LONGEST_HELP_EXEMPTION } from '#foundation/kernel/stated-limits.ts'
import type { Duration, Instant } from '#foundation/kernel/time.ts'
import { quotedForShell } from '#foundation/platform/program-name.ts'
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
import { cellOr, type Column, counted, momentIn, printFields, printTable, totalOf } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { confirmOr } from '../../terminal/prompt.ts'
import { addPolicyActs } from './acts.ts'
import { addPolicyExemptions } from './exemptions.ts'
import { addPolicyExplain } from './explain.ts'
import { addPolicyPlan } from './plan.ts'
import {
  FLAG_NAMES,
  FROM,
  isAbout,
  policyFor,
  readFactors,
  SCOPE_ARGUMENT,
  scopeOf,
  scopeText,
} from './scope-argument.ts'

export function addPolicy(program: CliCommand): void {
  const policy = program.command('policy').description('manage sign-in policies')
  policy
    .command('list')
    .description('list policies, and what the configuration sets for everyone')
    .withExamples('policy list', 'policy list --json')
    .action(withContext(list))
  policy
    .command('show')
    .description('show a policy with all its versions')
    .argument('<target>', SCOPE_ARGUMENT)
    .withExamples('policy show everyone', 'policy show role:user --json')
    .action(withContext(show))
  policy.renamed('set', 'create', 'change')
  addTerms(
    policy
      .command('create')
      .description('create a policy (asks before everyone is required less than by the configuration)')
      .argument('<target>', SCOPE_ARGUMENT)
      .option('--name <name>', 'name of the policy; the target if left out'),
  )
    .withExamples('policy create role:user --second-step required --from 14d', 'policy create everyone --idle 30m')
    .action(withContext(create))
  addTerms(
    policy
      .command('change')
      .description('replace what a policy requires; a flag you leave out sets nothing (asks before it requires less)')
      .argument('<target>', SCOPE_ARGUMENT),
  )
    .withExamples(
      'policy change role:user --second-step required --idle 30m',
      'policy change everyone --idle 15m --yes',
    )
    .action(withContext(change))
  addPolicyActs(policy)
  addPolicyPlan(policy)
  addPolicyExemptions(policy)
  addPolicyExplain(policy)
}

/** Adds what a policy can require, and from when. */
function addTerms(command: CliCommand): CliCommand {
  return command
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
}

function readRemember(text: string): Duration {
  return text === '0' ? 0 : readSpan(text)
}

const COLUMNS = (now: number): readonly Column<NamedPolicy>[] => [
  { head: 'applies to', of: scopeText },
  { head: 'name', cut: true, of: ({ name }) => name },
  { head: 'requires', cut: true, of: (policy) => wordsFor(currentVersions(policy, now).inForce?.terms) },
  { head: 'next', of: (policy) => cellOr(currentVersions(policy, now).planned[0]?.inForceFrom ?? null, '–') },
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
  out.say(totalOf(policies.length, 'policy'))
  const { set: locked } = presentConfigured(configured)
  if (locked.length > 0) out.say(`The configuration sets for everyone: ${locked.join(', ')}`)
}

async function show({ ctx, out }: Working, scope: string): Promise<void> {
  const policy = await policyFor(ctx, scope)
  if (out.form === 'json') return out.json(presentPolicy(policy, ctx.now))
  const summary = await summarizePlan(ctx, await storedPlan(ctx, policy.id))
  printFields(out, [
    ['id', policy.id],
    ['name', policy.name],
    ['applies to', scopeText(policy)],
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

interface TermFlags {
  readonly secondStep?: Requirement
  readonly factors?: readonly AllowableFactor[]
  readonly idle?: Duration
  readonly absolute?: Duration
  readonly proof?: Duration
  readonly remember?: Duration
  readonly helpersMayExempt?: boolean
  readonly from?: Moment
}

function termsIn(flags: TermFlags): PolicyTerms {
  return {
    secondFactor: flags.secondStep ?? null,
    factors: flags.factors ?? null,
    sessionIdle: flags.idle ?? null,
    sessionAbsolute: flags.absolute ?? null,
    reauthentication: flags.proof ?? null,
    rememberFor: flags.remember ?? null,
    helpersMayExempt: flags.helpersMayExempt ?? false,
  }
}

async function create(working: Working, scope: string, flags: TermFlags & { readonly name?: string }): Promise<void> {
  const { ctx } = working
  const scoped = await scopeOf(ctx, scope)
  if ((await listPolicies(ctx)).some((policy) => isAbout(policy, scoped))) {
    const [changing, renaming] = ['change', 'rename'].map((act) =>
      working.command(`policy ${act} ${quotedForShell(scope)}`),
    )
    const advice = flags.name === undefined ? `Change it with: ${changing}` : `Rename it with: ${renaming}`
    throw CliFailure.usage(`That policy already exists. ${advice}`)
  }
  const terms = termsIn(flags)
  if (scoped.scope === 'everyone') await confirmWeaker(working, terms)
  const inForceFrom = flags.from?.at(ctx.now) ?? null
  const stored = await createPolicy(ctx, { ...scoped, terms, inForceFrom, name: flags.name ?? scope })
  await report(working, await namedPolicy(ctx, stored), { terms, inForceFrom })
}

async function change(working: Working, scope: string, flags: TermFlags): Promise<void> {
  const { ctx, out } = working
  const scoped = await scopeOf(ctx, scope)
  const known = (await listPolicies(ctx)).find((policy) => isAbout(policy, scoped) || policy.id === scope)
  if (known === undefined) {
    const advice = `Create it with: ${working.command(`policy create ${quotedForShell(scope)}`)}`
    throw CliFailure.refusal('policy.not_found', `No policy applies to ${printable(scope)} alone. ${advice}`)
  }
  const [terms, inForceFrom] = [termsIn(flags), flags.from?.at(ctx.now) ?? null]
  const before = currentVersions(known, ctx.now).inForce?.terms
  if (known.scope === 'everyone') await confirmWeaker(working, terms)
  await confirmDropped(working, before, terms)
  const stored = await addPolicyVersion(ctx, known.id, { terms, inForceFrom })
  await report(working, await namedPolicy(ctx, stored), { terms, inForceFrom })
  if (before !== undefined) out.say(`Before: ${wordsFor(before)}`)
}

async function report(
  { ctx, out }: Working,
  policy: NamedPolicy,
  { terms, inForceFrom }: { readonly terms: PolicyTerms; readonly inForceFrom: Instant | null },
): Promise<void> {
  const from = inForceFrom === null ? 'now' : `from ${momentIn(out, inForceFrom)}`
  out.result(presentPolicy(policy, ctx.now), `Policy for ${printable(scopeText(policy))}, ${from}: ${wordsFor(terms)}`)
}

/** A new version says all that its policy requires. So what the version in force requires and the flags leave out is confirmed first. */
async function confirmDropped(working: Working, before: PolicyTerms | undefined, terms: PolicyTerms): Promise<void> {
  if (before === undefined) return
  const kept = TERMS.filter((term) => terms[term] !== null)
  const dropped = wordsFor({
    ...before,
    ...Object.fromEntries(kept.map((term) => [term, null])),
    helpersMayExempt: before.helpersMayExempt && !terms.helpersMayExempt,
  })
  if (dropped !== '') await confirmOr(working, `No longer set by this policy: ${dropped}. Go on?`)
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
  const said = DURATION_TERMS.flatMap((term) => {
    const span = terms[term]
    return span === null ? [] : [`${FLAG_NAMES[term]} ${shortDuration(span)}`]
  })
  const factors = terms.factors === null ? [] : [`only ${terms.factors.join(', ')}`]
  const secondStep = terms.secondFactor === null ? [] : [`second step ${terms.secondFactor}`]
  const help = terms.helpersMayExempt ? ['the help desk may exempt users'] : []
  return [...secondStep, ...factors, ...said, ...help].join('; ')
}
