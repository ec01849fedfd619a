// Commands about API tokens.
import { presentApiToken } from '../../../../domain/api-tokens/api-token.schema.ts'
import type { ApiToken } from '../../../../domain/api-tokens/api-token.ts'
import { listTokensOf, revokeTokenOf } from '../../../../use-cases/administration/credentials/tokens.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { cellOr, counted, printTable } from '../../terminal/list.ts'
import type { Column } from '../../terminal/list.ts'
import { namedUser, USER_ARGUMENT } from '../../terminal/user-argument.ts'
import { printable } from '../../terminal/output.ts'
import { addTokenCreate } from './token-create.ts'

const COLUMNS: readonly Column<ApiToken>[] = [
  { head: 'id', of: ({ id }) => id },
  { head: 'name', of: ({ name }) => name },
  { head: 'scopes', of: ({ scopes }) => scopes.join(' ') },
  { head: 'last used', of: ({ lastUsedAt }) => cellOr(lastUsedAt, 'never') },
  { head: 'expires', of: ({ expiresAt }) => ({ at: expiresAt }) },
]

export function addToken(program: CliCommand): void {
  const token = program.command('token').description('API tokens: keys for scripts, each acting as its user')
  token
    .command('list')
    .description('list the API tokens of a user, the newest first')
    .argument('<user>', USER_ARGUMENT)
    .withExamples('token list ada', 'token list ada --json')
    .action((word: string, _flags: object, command: CliCommand) =>
      withContext(command, (working) => list(working, word)),
    )
  addTokenCreate(token)
  token
    .command('revoke')
    .description('revoke one API token of a user')
    .argument('<user>', USER_ARGUMENT)
    .argument('<id>', 'id of the token, from "token list"')
    .withExamples('token revoke ada 01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10')
    .action((word: string, id: string, _flags: object, command: CliCommand) =>
      withContext(command, (working) => revoke(working, word, id)),
    )
}

async function list({ ctx, out }: Working, word: string): Promise<void> {
  const user = await namedUser(ctx, word)
  const tokens = await listTokensOf(ctx, user)
  if (out.form === 'json') return out.json({ items: tokens.map(presentApiToken), next_cursor: null })
  printTable(out, { columns: COLUMNS, items: tokens })
  out.say(`${counted(tokens.length, 'API token')} of ${printable(user.username)}`)
}

async function revoke({ ctx, out }: Working, word: string, id: string): Promise<void> {
  const user = await namedUser(ctx, word)
  await revokeTokenOf(ctx, user, id)
  if (out.form === 'json') return out.json({ revoked: 1 })
  out.done('Revoked the API token')
}
