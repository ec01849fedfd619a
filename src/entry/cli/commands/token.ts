// Commands about API tokens.
import { InvalidArgumentError, Option } from 'commander'

import { presentApiToken, presentIssued } from '#domain/api-tokens/api-token.schema.ts'
import { type ApiToken, OFFERED_SCOPES, STANDARD_LIFETIME } from '#domain/api-tokens/api-token.ts'
import { hostForToken, hostsOfTokens } from '#domain/hosts/host.service.ts'
import type { User } from '#domain/users/user.ts'
import type { Scope } from '#foundation/kernel/principal.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { listTokensOf, makeTokenOf, revokeTokenOf } from '#use-cases/administration/credentials/tokens.service.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { CliFailure } from '../terminal/failure.ts'
import { readSpan } from '../terminal/flag-values.ts'
import { USER_ARGUMENT, withUser, type Working } from '../terminal/invocation.ts'
import { cellOr, type Column, momentForPeople, printTable, totalOf } from '../terminal/list.ts'
import { printable } from '../terminal/output.ts'

/** @param hosts the names of the hosts that tokens open, by id; they stand beside the scopes, since a token has one of both */
function columnsWith(hosts: ReadonlyMap<string, string>): readonly Column<ApiToken>[] {
  return [
    { head: 'id', of: ({ id }) => id },
    { head: 'name', cut: true, of: ({ name }) => name },
    { head: 'scopes or host', cut: true, of: ({ scopes, hostId }) => hosts.get(hostId ?? '') ?? scopes.join(' ') },
    { head: 'last used', of: ({ lastUsedAt }) => cellOr(lastUsedAt, 'never') },
    { head: 'expires', of: ({ expiresAt }) => ({ at: expiresAt }) },
  ]
}

export function addToken(program: CliCommand): void {
  const token = program.command('token').description('manage API tokens')
  token
    .command('list')
    .description('list the API tokens of a user, newest first')
    .argument('<user>', USER_ARGUMENT)
    .withExamples('token list ada', 'token list ada --json')
    .action(withUser(list))
  token
    .command('create')
    .description('create an API token; shown once')
    .argument('<user>', USER_ARGUMENT)
    .requiredOption('--name <name>', 'token name')
    .addOption(
      new Option('--scope <scope>', `one of ${OFFERED_SCOPES.join(', ')}; repeat for more`).argParser(readScope),
    )
    .option('--for-host <host>', 'instead of scopes: a protected host that the token opens, and nothing else')
    .addOption(
      new Option('--expires <span>', 'expires after, from 1h to 366d')
        .argParser(readSpan)
        .default(STANDARD_LIFETIME, '90d'),
    )
    .withExamples(
      'token create ada --name "Nightly report" --scope self:read',
      'token create ada --name backup --scope audit:read --expires 30d --json',
      'token create ada --name laptop --for-host git.example.org',
    )
    .action(withUser(create))
  token
    .command('revoke')
    .description('revoke an API token of a user')
    .argument('<user>', USER_ARGUMENT)
    .argument('<id>', 'id of the token, from "token list"')
    .withExamples('token revoke ada 01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10')
    .action(withUser(revoke))
}

async function list({ ctx, out }: Working, user: User): Promise<void> {
  const tokens = await listTokensOf(ctx, user)
  const hosts = await hostsOfTokens(ctx, tokens)
  if (out.form === 'json')
    return out.json({ items: tokens.map((token) => presentApiToken(token, hosts)), next_cursor: null })
  printTable(out, columnsWith(hosts), tokens)
  out.say(totalOf(tokens.length, 'API token', ` of ${printable(user.username)}`))
}

function readScope(text: string, before: readonly Scope[] = []): readonly Scope[] {
  const scope = OFFERED_SCOPES.find((one) => one === text)
  if (scope === undefined) throw new InvalidArgumentError(`Allowed choices are ${OFFERED_SCOPES.join(', ')}.`)
  return [...before, scope]
}

interface CreateFlags {
  readonly name: string
  readonly scope?: readonly Scope[]
  readonly forHost?: string
  readonly expires: Duration
}

async function create({ ctx, out }: Working, user: User, flags: CreateFlags): Promise<void> {
  const { name, scope: scopes = [], forHost: host, expires } = flags
  if (scopes.length > 0 === (host !== undefined))
    throw CliFailure.usage('Use --scope for the API of this server, or --for-host for a protected host')
  const hostId = host === undefined ? null : await hostForToken(ctx, host)
  const issued = await makeTokenOf(ctx, user, { name, scopes, expiresAt: ctx.now + expires, hostId })
  if (out.form === 'json') return out.json(presentIssued(issued, await hostsOfTokens(ctx, [issued.apiToken])))
  const { apiToken, token } = issued
  out.done(`Created the API token ${printable(apiToken.name)} of ${printable(user.username)}`)
  out.say(`  Shown only once. Expires ${momentForPeople(apiToken.expiresAt)}:`)
  out.line(token.reveal())
}

async function revoke({ ctx, out }: Working, user: User, id: string): Promise<void> {
  await revokeTokenOf(ctx, user, id)
  out.result({ revoked: 1 }, 'Revoked the API token')
}
