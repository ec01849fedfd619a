// Renames, ends and deletes policies, and cancels their planned versions.
import { namedPolicy, readConfiguredPolicy } from '#use-cases/administration/policies/named-policy.service.ts'
import { presentPolicy } from '#use-cases/administration/policies/policies.schema.ts'
import {
  cancelPolicyVersion,
  deletePolicy,
  endPolicy,
  renamePolicy,
} from '#use-cases/administration/policies/policies.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { type Moment, readStart } from '../../terminal/flag-values.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { printable } from '../../terminal/output.ts'
import { FROM, policyFor, SCOPE_ARGUMENT, scopeText } from './scope-argument.ts'

export function addPolicyActs(policy: CliCommand): void {
  policy
    .command('rename')
    .description('rename a policy')
    .argument('<target>', SCOPE_ARGUMENT)
    .argument('<name>', 'new name')
    .withExamples('policy rename role:user "All employees"')
    .action(withContext(rename))
  policy
    .command('end')
    .description('end a policy; its history stays')
    .argument('<target>', SCOPE_ARGUMENT)
    .option('--from <when>', FROM, readStart)
    .withExamples('policy end group:Finance', 'policy end everyone --from 2027-01-31T08:00:00Z')
    .action(withContext(end))
  policy
    .command('cancel')
    .description('cancel a planned version')
    .argument('<target>', SCOPE_ARGUMENT)
    .argument('<version>', 'number of the version, from "policy show"')
    .withExamples('policy cancel role:user 2')
    .action(withContext(cancel))
  policy
    .command('delete')
    .description('delete a policy that was never in force')
    .argument('<target>', SCOPE_ARGUMENT)
    .withExamples('policy delete group:Finance')
    .action(withContext(remove))
}

async function rename({ ctx, out }: Working, scope: string, name: string): Promise<void> {
  const { id } = await policyFor(ctx, scope)
  const policy = await namedPolicy(ctx, await renamePolicy(ctx, id, name))
  out.result(
    presentPolicy(policy, ctx.now),
    `The policy for ${printable(scopeText(policy))} is now ${printable(policy.name)}`,
  )
}

async function end({ ctx, out }: Working, scope: string, { from }: { from?: Moment }): Promise<void> {
  const { id } = await policyFor(ctx, scope)
  const policy = await namedPolicy(ctx, await endPolicy(ctx, id, from?.at(ctx.now) ?? null))
  out.result(presentPolicy(policy, ctx.now), `The policy for ${printable(scopeText(policy))} ends`)
  const { secondFactor } = readConfiguredPolicy(ctx).terms
  if (policy.scope === 'everyone') out.say(`Then the configuration decides for everyone: second step ${secondFactor}`)
}

async function cancel({ ctx, out }: Working, scope: string, version: string): Promise<void> {
  const { id } = await policyFor(ctx, scope)
  const policy = await namedPolicy(ctx, await cancelPolicyVersion(ctx, id, Number(version)))
  out.result(presentPolicy(policy, ctx.now), `Cancelled version ${printable(version)}`)
}

async function remove({ ctx, out }: Working, scope: string): Promise<void> {
  const policy = await policyFor(ctx, scope)
  await deletePolicy(ctx, policy.id)
  out.result({ deleted: presentPolicy(policy, ctx.now) }, `Deleted the policy for ${printable(scopeText(policy))}`)
}
