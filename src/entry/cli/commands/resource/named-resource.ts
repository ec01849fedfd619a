import { findResource, findResourceByUri } from '#domain/clients/resource.service.ts'
import type { ServedResource } from '#domain/clients/resource.ts'
import type { With } from '#foundation/context.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { printable } from '../../terminal/output.ts'

export const RESOURCE_ARGUMENT = 'URI or id of the resource'

/** Adds the argument that names the resource, whose row `work` gets instead. */
export function ofResource<Words extends unknown[]>(
  work: (working: Working, resource: ServedResource, ...words: Words) => Promise<void>,
) {
  return withContext(async (working, word: string, ...words: Words) =>
    work(working, await namedResource(working.ctx, word), ...words),
  )
}

async function namedResource(ctx: With<'db'>, word: string): Promise<ServedResource> {
  const resource = (await findResourceByUri(ctx, word)) ?? (await findResource(ctx, word))
  if (resource !== undefined) return resource
  throw CliFailure.refusal('resource.not_found', `No resource "${printable(word)}".`)
}
