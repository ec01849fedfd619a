import { presentUser } from '#domain/users/user.schema.ts'
import type { User } from '#domain/users/user.ts'
import { liftReview } from '#use-cases/administration/account-status/user-review.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { USER_ARGUMENT, withUser, type Working } from '../../terminal/invocation.ts'
import { printable } from '../../terminal/output.ts'

export function addUserLiftReview(parent: CliCommand): void {
  parent
    .command('lift-review')
    .description('lift the review of a user (who said “This wasn’t me” to a notice)')
    .argument('<user>', USER_ARGUMENT)
    .withExamples('user lift-review ada')
    .action(withUser(lift))
}

async function lift({ ctx, out }: Working, user: User): Promise<void> {
  const lifted = await liftReview(ctx, user)
  out.result(presentUser(lifted), `Lifted the review of ${printable(lifted.username)}`)
}
