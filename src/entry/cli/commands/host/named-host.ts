import { findHostByName } from '#domain/hosts/host.service.ts'
import type { ProtectedHost } from '#domain/hosts/host.ts'
import type { With } from '#foundation/context.ts'
import { withGroupNames } from '#use-cases/administration/hosts/host-request.ts'
import type { NamedHost } from '#use-cases/administration/hosts/hosts.service.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withNamed } from '../../terminal/invocation.ts'
import { printable } from '../../terminal/output.ts'
import { ruleLine } from './rule-text.ts'

export const HOST_ARGUMENT = 'name of the host'

async function namedHost(ctx: With<'db'>, word: string): Promise<ProtectedHost> {
  const host = await findHostByName(ctx, word.toLowerCase())
  if (host !== undefined) return host
  throw CliFailure.refusal('host.not_found', `No protected host "${printable(word)}".`)
}

/** Runs a command for the host that its first word names. */
export const ofHost = withNamed(namedHost)

/** The rules in their order, as `--rule` takes them; a name with a comma stands by its id. */
export function linesOf({ host, groups }: NamedHost): string[] {
  const ids = new Map([...groups].map(([id, name]) => [name, id]))
  return host.rules.map((rule) =>
    ruleLine(withGroupNames(rule, groups), (name) => (name.includes(',') ? (ids.get(name) ?? name) : name)),
  )
}
