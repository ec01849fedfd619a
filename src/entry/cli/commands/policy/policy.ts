// The commands about policies.
import type { CliCommand } from '../../terminal/cli-command.ts'
import { addPolicyExemptions } from './exemptions.ts'
import { addPolicyPlan } from './plan.ts'

export function addPolicy(program: CliCommand): void {
  const policy = program.command('policy').description('plan policies, and exempt users from them')
  addPolicyPlan(policy)
  addPolicyExemptions(policy)
}
