import { InvalidArgumentError, Option } from 'commander'

import { makeTokenOf } from '../../../../use-cases/administration/credentials/tokens.service.ts'
import { presentIssued } from '../../../../domain/api-tokens/api-token.schema.ts'
import { STANDARD_LIFETIME } from '../../../../domain/api-tokens/api-token.ts'
import { SCOPES } from '../../../../foundation/kernel/principal.ts'
import type { Scope } from '../../../../foundation/kernel/principal.ts'
import type { Duration } from '../../../../foundation/kernel/time.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { momentForPeople, readSpan } from '../../terminal/time-format.ts'
import { namedUser, USER_ARGUMENT } from '../../terminal/user-argument.ts'
import { printable } from '../../terminal/output.ts'

interface Flags {
  readonly name: string
  readonly scope: readonly Scope[]
  readonly expires: Duration
}

export function addTokenCreate(token: CliCommand): void {
  token
    .command('create')
    .description('create an API token that acts as a user; it is printed only once')
    .argument('<user>', USER_ARGUMENT)
    .requiredOption('--name <name>', 'its name')
    .addOption(
      new Option('--scope <scope>', `what it may do: ${SCOPES.join(', ')}; give it once for each`)
        .argParser(readScope)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--expires <span>', 'how long it works, from 1h to 366d')
        .argParser(readSpan)
        .default(STANDARD_LIFETIME, '90d'),
    )
    .withExamples(
      'token create ada --name "Nightly report" --scope self:read',
      'token create ada --name backup --scope users:read --scope audit:read --expires 30d --json',
    )
    .action((word: string, flags: Flags, command: CliCommand) =>
      withContext(command, (working) => create(working, word, flags)),
    )
}

function readScope(text: string, before: readonly Scope[] = []): readonly Scope[] {
  const scope = SCOPES.find((one) => one === text)
  if (scope === undefined) throw new InvalidArgumentError(`Allowed choices are ${SCOPES.join(', ')}.`)
  return [...before, scope]
}

async function create({ ctx, out }: Working, word: string, flags: Flags): Promise<void> {
  const user = await namedUser(ctx, word)
  const wanted = { name: flags.name, scopes: flags.scope, expiresAt: ctx.now + flags.expires }
  const issued = await makeTokenOf(ctx, user, wanted)
  if (out.form === 'json') return out.json(presentIssued(issued))
  const { name, expiresAt } = issued.apiToken
  out.done(`Created the API token ${printable(name)} of ${printable(user.username)}`)
  out.say(`  Shown only once; it works until ${momentForPeople(expiresAt)}:`)
  out.line(issued.token.reveal())
}
