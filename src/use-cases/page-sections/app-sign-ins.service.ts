// What pages say of the apps to which a user is signed in.
import { listAttributes } from '#domain/attributes/attribute.service.ts'
import { iconsOf } from '#domain/clients/client-icon.service.ts'
import { findResource } from '#domain/clients/resource.service.ts'
import type { AppSignIn } from '#domain/grants/app-sign-in.service.ts'
import type { ConsentItem } from '#domain/grants/consent.ts'
import { groupNamesOf } from '#domain/groups/membership.service.ts'
import type { With } from '#foundation/context.ts'

export interface NamedSignIn extends AppSignIn {
  /** The digest of the app's icon. */
  readonly icon: string | undefined
  /** The names of the groups that the app sees, of those that the user is in. */
  readonly groups: readonly string[]
  /** The labels of the attributes that it gets; a deleted one has none. */
  readonly attributes: readonly string[]
  /** The names of the APIs that it may call; a deleted one has none. */
  readonly resources: readonly string[]
}

/** Returns the same with names. */
export async function nameSignIns(
  ctx: With<'db'>,
  subject: string,
  signIns: readonly AppSignIn[],
): Promise<NamedSignIn[]> {
  const hasAttributes = signIns.some(({ items }) => restOf(items, ATTRIBUTE).length > 0)
  const declared = hasAttributes ? await listAttributes(ctx) : []
  const icons = await iconsOf(
    ctx,
    signIns.map(({ client }) => client.id),
  )
  return Promise.all(
    signIns.map(async (signIn) => {
      const [ids, keys] = [restOf(signIn.items, GROUP), restOf(signIn.items, ATTRIBUTE)]
      const groups = ids.length === 0 ? [] : await groupNamesOf(ctx, subject, ids)
      const attributes = declared.filter(({ key }) => keys.includes(key)).map(({ label }) => label)
      return {
        ...signIn,
        icon: icons.get(signIn.client.id),
        groups,
        attributes,
        resources: await resourceNames(ctx, signIn),
      }
    }),
  )
}

async function resourceNames(ctx: With<'db'>, { items }: AppSignIn): Promise<string[]> {
  // Their scopes stand behind a `#`.
  const ids = restOf(items, RESOURCE).filter((rest) => !rest.includes('#'))
  const found = await Promise.all(ids.map(async (id) => findResource(ctx, id)))
  return found.flatMap((resource) => resource?.name ?? [])
}

const RESOURCE = 'resource:'
const GROUP = 'group:'
const ATTRIBUTE = 'attribute:'

function restOf(items: readonly ConsentItem[], prefix: string): string[] {
  return items.filter((item) => item.startsWith(prefix)).map((item) => item.slice(prefix.length))
}
