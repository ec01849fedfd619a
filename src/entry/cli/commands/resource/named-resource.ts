import { findResource, findResourceByUri } from '#domain/clients/resource.service.ts'
import type { ServedResource } from '#domain/clients/resource.ts'
import type { With } from '#foundation/context.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withNamed } from '../../terminal/invocation.ts'
import { printable } from '../../terminal/output.ts'

export const RESOURCE_ARGUMENT = 'URI or id of the resource'

async function namedResource(ctx: With<'db'>, word: string): Promise<ServedResource> {
  const resource = (await findResourceByUri(ctx, word)) ?? (await findResource(ctx, word))
  if (resource !== undefined) return resource
  throw CliFailure.refusal('resource.not_found', `No resource "${printable(word)}".`)
}

export const ofResource = withNamed(namedResource)
